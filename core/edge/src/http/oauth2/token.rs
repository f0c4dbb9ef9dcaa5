//! Gives tokens for a code or a refresh token (RFC 6749 §4.1.3, §6).

use super::OAuth2Call;
use super::client::Client;
use gatehouse_domain::credential::{Derived, Root, TokenUse, derive_token};
use gatehouse_domain::gate::{Unusable, verify_tag};
use gatehouse_domain::grant::{
    ACCESS_SECONDS, Family, Narrowing, RedemptionError, StoredGrant, narrow, scopes_without,
};
use gatehouse_domain::message::account::{AccountCall, Advanced, Caller};
use gatehouse_domain::oauth2::{ErrorCode, TokenError, is_verifier, proves};
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::EdgePorts;
use gatehouse_domain::secret::Secret;
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
            return Err(TokenError::invalid_request("code_verifier must have 32 to 256 unreserved characters."));
        }
        let refuse =
            || TokenError::invalid_grant("code is unknown, or older than 30 seconds, or what it gave has ended.");
        let token = self
            .read_token(AuthorizationCode::read, Derived::Code, text)
            .filter(|token| token.public.app_id == client.app_id)
            .ok_or_else(refuse)?;
        let family = self.find_family(&token).await?.ok_or_else(refuse)?;
        self.check_secret(&token, &family.root, TokenUse::Code).map_err(|()| refuse())?;
        if let Some(pending) = &family.code {
            if !is_same_redirect(&pending.redirect_uri, redirect_uri) {
                let text = "redirect_uri is not the one that the code was asked for with.";
                return Err(TokenError::invalid_grant(text)
                    .with("redirect_uri received", redirect_uri)
                    .with("redirect_uri of the code", &*pending.redirect_uri));
            }
            if !proves(verifier, &pending.challenge) {
                return Err(TokenError::invalid_grant("code_verifier does not fit the code_challenge."));
            }
        }
        // Whoever found an old callback URL must not be able to end what it gave.
        if let Some(redeemed) = &family.redeemed
            && !proves(verifier, &redeemed.challenge)
        {
            return Err(used_code());
        }
        match self.advance(&token).await? {
            Advanced::To(family) => self.write_tokens(client, token.user, &family, 0, ACCESS_SECONDS),
            Advanced::Not(RedemptionError::Used) => Err(used_code()),
            Advanced::Not(RedemptionError::Replayed) => Err(TokenError::invalid_grant(
                "code was used before, so the authorization that it gave has ended. Ask the user again.",
            )),
            Advanced::Again(_) | Advanced::Not(RedemptionError::Expired) => Err(refuse()),
        }
    }

    async fn refresh(&self) -> Result<Value, TokenError> {
        let client = self.authenticate().await?;
        let text = self.params.require("refresh_token")?;
        let refuse = || TokenError::invalid_grant("refresh_token is unknown, expired or revoked.");
        let token = self
            .read_token(RefreshToken::read, Derived::RefreshToken, text)
            .filter(|token| token.public.app_id == client.app_id)
            .ok_or_else(refuse)?;
        let family = self.find_family(&token).await?.ok_or_else(refuse)?;
        self.check_secret(&token, &family.root, TokenUse::Refresh).map_err(|()| refuse())?;
        // Before the token is used: a scope that can't be had costs nothing.
        let left_out = match self.params.find("scope")? {
            Some(asked) => narrow(&family.scopes, asked).map_err(|error| wrong_scope(&error, asked, &family.scopes))?,
            None => 0,
        };
        match self.advance(&token).await? {
            Advanced::To(family) => self.write_tokens(client, token.user, &family, left_out, ACCESS_SECONDS),
            Advanced::Again(family) => {
                let left = family.access_until().0.saturating_sub(self.isolate.now().0);
                self.write_tokens(client, token.user, &family, left_out, left)
            }
            Advanced::Not(RedemptionError::Used) => Err(TokenError::invalid_grant(
                "refresh_token was used more than an hour ago. Go on with the one that it gave, or ask the user again.",
            )),
            Advanced::Not(RedemptionError::Replayed) => Err(TokenError::invalid_grant(
                "refresh_token was used before, and the one that it gave as well, so the authorization has ended. Ask \
                 the user again.",
            )),
            Advanced::Not(RedemptionError::Expired) => Err(refuse()),
        }
    }

    /// Reads a token of a user; `None` where it was not made here.
    pub(super) fn read_token<'t>(
        &self,
        read: ReadToken,
        what: impl Fn(AccountId) -> Derived,
        text: &'t str,
    ) -> Option<UserToken<'t>> {
        let settings = &self.isolate.settings;
        let read = read(settings.prefix(), text).map(|token| (token, token.public));
        match verify_tag(settings, |token: &UserToken<'_>| what(token.user), read) {
            Ok((token, _)) => Some(token),
            Err(unusable) => {
                self.isolate.tell_operator(&unusable);
                None
            }
        }
    }

    /// The authorization that a token is of, as the user's Account has it.
    pub(super) async fn find_family(&self, token: &UserToken<'_>) -> Result<Option<Family>, TokenError> {
        let call = AccountCall::FindGrant { app_id: token.public.app_id };
        let grant: Result<Option<StoredGrant>, PortalError> = self.isolate.read_account(token.user, call).await;
        let grant = match grant {
            Err(PortalError::NotFound(_)) => None,
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
        let secret = self.isolate.settings.keyring.secret(Derived::Family(user), app_id, root);
        secret.ok_or_else(|| {
            self.isolate.tell_operator(&Unusable::MasterKeyGone { app_id, key_id: root.master_key_id() });
        })
    }

    async fn advance(&self, token: &UserToken<'_>) -> Result<Advanced, TokenError> {
        let (app_id, serial) = (token.public.app_id, token.public.serial);
        let call = AccountCall::AdvanceFamily { app_id, serial, presented: token.generation };
        let source = self.isolate.source_of(self.request, self.request_id);
        match self.isolate.ask_account(token.user, Caller::Internal, call, &source).await {
            Err(PortalError::NotFound(_)) => Ok(Advanced::Not(RedemptionError::Expired)),
            advanced => advanced.map_err(|refusal| self.fail_on(&refusal)),
        }
    }

    /// Writes what an authorization gives in its present generation, an access
    /// token without some scopes (RFC 6749 §5.1). The same ones each time.
    fn write_tokens(
        &self,
        client: Client,
        user: AccountId,
        family: &Family,
        left_out: u64,
        expires_in: u64,
    ) -> Result<Value, TokenError> {
        let (settings, app_id, root) = (&self.isolate.settings, client.app_id, &family.root);
        let lost = || self.fail("an authorization's tokens can't be written");
        let secret = settings.keyring.secret(Derived::Family(user), app_id, root).ok_or_else(lost)?;
        let (generation, until) = (family.generation, family.access_until());
        let named = |what| settings.keyring.public_with(root.key_id, what, app_id, root.serial).ok_or_else(lost);
        let access = derive_token(&secret, TokenUse::Access { until, left_out }, generation);
        let public = named(Derived::OAuth2AccessToken(user))?;
        let token = UserToken { public, user, generation, until, left_out, secret: access.reveal() };
        let mut answer = json!({
            "token_type": "bearer",
            "expires_in": expires_in,
            "access_token": OAuth2AccessToken::write(settings.prefix(), &token),
            "scope": scopes_without(&family.scopes, left_out).join(" "),
        });
        if family.may_refresh() {
            let refresh = derive_token(&secret, TokenUse::Refresh, generation);
            let public = named(Derived::RefreshToken(user))?;
            let (until, left_out) = (UnixSeconds(0), 0);
            let token = UserToken { public, user, generation, until, left_out, secret: refresh.reveal() };
            if let Some(fields) = answer.as_object_mut() {
                fields.insert("refresh_token".to_owned(), RefreshToken::write(settings.prefix(), &token).into());
            }
        }
        Ok(answer)
    }
}

fn used_code() -> TokenError {
    TokenError::invalid_grant("code was used before, and works once. Go on with the tokens that its first use gave.")
}

fn wrong_scope(error: &Narrowing, asked: &str, granted: &[String]) -> TokenError {
    let text = match error {
        Narrowing::NotGranted(scope) => {
            format!("scope has {scope}, which was not granted. Leave it out, or ask the user for it.")
        }
        Narrowing::Nothing => "scope must name at least one thing that the App wants to do.".to_owned(),
        Narrowing::TooMany(scope) => format!("scope must have {scope}: only the first 64 scopes can be left out."),
    };
    TokenError::new(ErrorCode::InvalidScope, text).with("scope received", asked).with("Granted", granted.join(" "))
}

/// Whether two redirect URIs are the same. Some clients write an empty path as
/// `/` in the second of their requests (RFC 3986 §6.2.3).
fn is_same_redirect(asked: &str, repeated: &str) -> bool {
    let without_empty_path = |url: &str| -> Option<usize> {
        let start = url.find("://")? + 3;
        let path = start + url.get(start..)?.find(['/', '?', '#']).unwrap_or(url.len() - start);
        (url.get(path..) == Some("/")).then_some(path)
    };
    let has_web_scheme = |url: &str| url.starts_with("https://") || url.starts_with("http://");
    let front = |url: &str| without_empty_path(url).map_or_else(|| url.to_owned(), |end| url[..end].to_owned());
    asked == repeated || (has_web_scheme(asked) && front(asked) == front(repeated))
}

#[cfg(test)]
mod tests {
    use super::is_same_redirect;

    #[test]
    fn an_empty_path_is_the_same_as_a_slash_and_nothing_else_is() {
        for (asked, repeated, same) in [
            ("https://a.example", "https://a.example/", true),
            ("https://a.example/", "https://a.example", true),
            ("http://127.0.0.1:8000", "http://127.0.0.1:8000/", true),
            ("https://a.example/cb", "https://a.example/cb", true),
            ("https://a.example/cb", "https://a.example/cb/", false),
            ("https://a.example", "https://a.example//", false),
            ("https://a.example", "https://a.example/?", false),
            ("https://a.example", "https://A.example/", false),
            ("https://a.example", "http://a.example/", false),
            ("myapp://cb", "myapp://cb/", false),
        ] {
            assert_eq!(is_same_redirect(asked, repeated), same, "{asked} {repeated}");
        }
    }
}
