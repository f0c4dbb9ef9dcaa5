//! Revokes a token (RFC 7009).

use super::OAuth2Call;
use gatehouse_domain::credential::{Derived, TokenUse};
use gatehouse_domain::message::account::{AccountCall, Caller};
use gatehouse_domain::oauth2::TokenError;
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::EdgePorts;
use gatehouse_shared::api::Done;
use gatehouse_shared::credential::{OAuth2AccessToken, RefreshToken, UserToken};
use gatehouse_shared::model::UnixSeconds;
use serde_json::{Value, json};

impl<R: EdgePorts> OAuth2Call<'_, R> {
    /// `POST /2/oauth2/revoke` (RFC 7009): an access or a refresh token takes
    /// its whole authorization with it. One that is unknown is as good as
    /// revoked (§2.2).
    pub(super) async fn revoke(&self) -> Result<Value, TokenError> {
        let client = self.authenticate().await?;
        let text = self.params.require("token")?;
        if let Some(token) = self.read_any_token(text)
            && token.public.app_id == client.app_id
            && self.is_genuine(&token).await?
        {
            let (app_id, serial) = (token.public.app_id, token.public.serial);
            let call = AccountCall::RevokeFamily { app_id, serial };
            let source = self.isolate.source_of(self.request, self.request_id);
            let revoked: Result<Done, PortalError> =
                self.isolate.ask_account(token.user, Caller::Internal, call, &source).await;
            match revoked {
                Ok(_) | Err(PortalError::NotFound(_)) => {}
                Err(refusal) => return Err(self.fail_on(&refusal)),
            }
        }
        Ok(json!({ "revoked": true }))
    }

    /// Reads an access or a refresh token, without its hint (RFC 7009 §2.1).
    pub(super) fn read_any_token<'t>(&self, text: &'t str) -> Option<UserToken<'t>> {
        self.read_token(OAuth2AccessToken::read, Derived::OAuth2AccessToken, text)
            .or_else(|| self.read_token(RefreshToken::read, Derived::RefreshToken, text))
    }

    /// Whether a token was given for an authorization that still stands, of
    /// whatever generation.
    async fn is_genuine(&self, token: &UserToken<'_>) -> Result<bool, TokenError> {
        let Some(family) = self.find_family(token).await? else { return Ok(false) };
        Ok(self.check_secret(token, &family.root, use_of(token)).is_ok())
    }
}

/// What a token is for: only an access token says when it ends.
pub(super) fn use_of(token: &UserToken<'_>) -> TokenUse {
    match token.until {
        UnixSeconds(0) => TokenUse::Refresh,
        until => TokenUse::Access { until, left_out: token.left_out },
    }
}
