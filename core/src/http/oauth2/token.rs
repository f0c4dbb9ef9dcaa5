use super::OAuth2Call;
use super::client::Client;
use crate::credential::{Derived, Root, TokenUse, derive_token};
use crate::gate::{Unusable, made};
use crate::grant::{ACCESS_SECONDS, Family, Spent, StoredGrant};
use crate::ledger::{Advanced, Caller, LedgerCall};
use crate::oauth2::{ErrorCode, TokenError, is_verifier, proves};
use crate::ports::EdgePorts;
use crate::refusal::Refusal;
use crate::secret::Secret;
use gatehouse_shared::credential::{AuthorizationCode, FormatError, OAuth2AccessToken, RefreshToken, UserToken};
use gatehouse_shared::model::{AccountId, UnixSeconds};
use serde_json::{Value, json};

type ReadToken = for<'t> fn(&str, &'t str) -> Result<UserToken<'t>, FormatError>;

impl<R: EdgePorts> OAuth2Call<'_, R> {
    /// `POST /2/oauth2/token`.
    pub(super) async fn token(&self) -> Result<Value, TokenError> {
        let grant_type = self.params.require("grant_type")?;
        match grant_type {
            "authorization_code" => self.redeem_code().await,
            "refresh_token" => self.refresh().await,
            "client_credentials" => Err(TokenError::new(
                ErrorCode::UnsupportedGrantType,
                "grant_type client_credentials is answered at /oauth2/token, with the API Key and Secret.",
            )),
            _ => Err(TokenError::new(
                ErrorCode::UnsupportedGrantType,
                "grant_type must be authorization_code or refresh_token.",
            )),
        }
    }

    async fn redeem_code(&self) -> Result<Value, TokenError> {
        let client = self.authenticate().await?;
        let text = self.params.require("code")?;
        let redirect_uri = self.params.require("redirect_uri")?;
        let verifier = self.params.require("code_verifier")?;
        if !is_verifier(verifier) {
            return Err(TokenError::invalid_request("code_verifier must have 43 to 128 unreserved characters."));
        }
        let refuse = || TokenError::invalid_grant("code is unknown, used, or older than 30 seconds.");
        let token = self
            .read_token(AuthorizationCode::read, Derived::Code, text)
            .filter(|token| token.public.app_id == client.app_id)
            .ok_or_else(refuse)?;
        let family = self.find_family(&token).await?.ok_or_else(refuse)?;
        self.check_secret(&token, &family.root, TokenUse::Code).map_err(|()| refuse())?;
        if let Some(pending) = &family.code {
            if pending.redirect_uri != redirect_uri {
                let text = "redirect_uri is not the one that the code was asked for with.";
                return Err(TokenError::invalid_grant(text));
            }
            if !proves(verifier, &pending.challenge) {
                return Err(TokenError::invalid_grant("code_verifier does not fit the code_challenge."));
            }
        }
        match self.advance(&token).await? {
            Advanced::To(family) => self.write_tokens(client, token.user, &family),
            Advanced::Not(_) => Err(refuse()),
        }
    }

    async fn refresh(&self) -> Result<Value, TokenError> {
        let client = self.authenticate().await?;
        let text = self.params.require("refresh_token")?;
        let refuse = || TokenError::invalid_grant("refresh_token is unknown, used, expired or revoked.");
        let token = self
            .read_token(RefreshToken::read, Derived::RefreshToken, text)
            .filter(|token| token.public.app_id == client.app_id)
            .ok_or_else(refuse)?;
        let family = self.find_family(&token).await?.ok_or_else(refuse)?;
        self.check_secret(&token, &family.root, TokenUse::Refresh).map_err(|()| refuse())?;
        if let Some(scope) = self.params.find("scope")?
            && !is_same_set(scope, &family.scopes)
        {
            let text = "scope must be left out, or be what was granted: ask the user for another set.";
            return Err(TokenError::new(ErrorCode::InvalidScope, text));
        }
        match self.advance(&token).await? {
            Advanced::To(family) => self.write_tokens(client, token.user, &family),
            Advanced::Not(Spent::JustUsed) => Err(TokenError::invalid_grant(
                "refresh_token was used a moment ago by another call: go on with what that call got.",
            )),
            Advanced::Not(_) => Err(refuse()),
        }
    }

    /// Reads a token of a user; `None` where it was not made here.
    pub(super) fn read_token<'t>(
        &self,
        read: ReadToken,
        what: impl Fn(AccountId) -> Derived,
        text: &'t str,
    ) -> Option<UserToken<'t>> {
        let settings = &self.deployment.settings;
        let read = read(settings.prefix(), text).map(|token| (token, token.public));
        match made(settings, |token: &UserToken<'_>| what(token.user), read) {
            Ok((token, _)) => Some(token),
            Err(unusable) => {
                self.deployment.tell_operator(&unusable);
                None
            }
        }
    }

    /// The authorization that a token is of, as the user's Ledger has it.
    pub(super) async fn find_family(&self, token: &UserToken<'_>) -> Result<Option<Family>, TokenError> {
        let call = LedgerCall::FindGrant { app_id: token.public.app_id };
        let grant: Result<Option<StoredGrant>, Refusal> =
            self.deployment.ask_ledger(token.user, Caller::Internal, call).await;
        let grant = match grant {
            Err(Refusal::NotFound(_)) => None,
            grant => grant.map_err(|refusal| self.fail_on(&refusal))?,
        };
        let families = grant.map(|grant| grant.families).unwrap_or_default();
        Ok(families.into_iter().find(|family| family.root.is_named_by(&token.public)))
    }

    /// Compares a token's secret with the one that is derived for it.
    pub(super) fn check_secret(&self, token: &UserToken<'_>, root: &Root, what: TokenUse) -> Result<(), ()> {
        let secret = self.family_secret(token.user, token, root)?;
        if derive_token(&secret, what, token.generation).matches(token.secret) { Ok(()) } else { Err(()) }
    }

    fn family_secret(&self, user: AccountId, token: &UserToken<'_>, root: &Root) -> Result<Secret, ()> {
        let app_id = token.public.app_id;
        let secret = self.deployment.settings.keyring.secret(Derived::Family(user), app_id, root);
        secret.ok_or_else(|| {
            self.deployment.tell_operator(&Unusable::MasterKeyGone { app_id, key_id: root.rests_on() });
        })
    }

    async fn advance(&self, token: &UserToken<'_>) -> Result<Advanced, TokenError> {
        let (app_id, serial) = (token.public.app_id, token.public.serial);
        let call = LedgerCall::AdvanceFamily { app_id, serial, presented: token.generation };
        match self.deployment.ask_ledger(token.user, Caller::Internal, call).await {
            Err(Refusal::NotFound(_)) => Ok(Advanced::Not(Spent::Expired)),
            advanced => advanced.map_err(|refusal| self.fail_on(&refusal)),
        }
    }

    /// Writes what an authorization gives in its present generation (RFC 6749 §5.1).
    fn write_tokens(&self, client: Client, user: AccountId, family: &Family) -> Result<Value, TokenError> {
        let (settings, app_id, root) = (&self.deployment.settings, client.app_id, &family.root);
        let lost = || self.fail("an authorization's tokens can't be written");
        let secret = settings.keyring.secret(Derived::Family(user), app_id, root).ok_or_else(lost)?;
        let (generation, until) = (family.generation, self.deployment.now().plus(ACCESS_SECONDS));
        let named = |what| settings.keyring.public_with(root.key_id, what, app_id, root.serial).ok_or_else(lost);
        let access = derive_token(&secret, TokenUse::Access(until), generation);
        let public = named(Derived::OAuth2AccessToken(user))?;
        let token = UserToken { public, user, generation, until, secret: access.reveal() };
        let mut answer = json!({
            "token_type": "bearer",
            "expires_in": ACCESS_SECONDS,
            "access_token": OAuth2AccessToken::write(settings.prefix(), &token),
            "scope": family.scopes.join(" "),
        });
        if family.may_refresh() {
            let refresh = derive_token(&secret, TokenUse::Refresh, generation);
            let public = named(Derived::RefreshToken(user))?;
            let token = UserToken { public, user, generation, until: UnixSeconds(0), secret: refresh.reveal() };
            answer["refresh_token"] = RefreshToken::write(settings.prefix(), &token).into();
        }
        Ok(answer)
    }
}

fn is_same_set(text: &str, granted: &[String]) -> bool {
    let mut asked: Vec<&str> = text.split_ascii_whitespace().collect();
    let mut granted: Vec<&str> = granted.iter().map(String::as_str).collect();
    asked.sort_unstable();
    asked.dedup();
    granted.sort_unstable();
    asked == granted
}
