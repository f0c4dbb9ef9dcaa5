//! Tells a client about a token (RFC 7662).

use super::OAuth2Call;
use super::revoke::use_of;
use gatehouse_domain::credential::TokenUse;
use gatehouse_domain::grant::{ACCESS_SECONDS, GrantRecord, scopes_without};
use gatehouse_domain::message::account::AccountCall;
use gatehouse_domain::oauth2::TokenError;
use gatehouse_domain::ports::EdgePorts;
use serde_json::{Value, json};

impl<R: EdgePorts> OAuth2Call<'_, R> {
    /// `POST /2/oauth2/introspect` (RFC 7662): what a client's own token is
    /// worth. Another client's is told as inactive (§2.2).
    pub(super) async fn introspect(&self) -> Result<Value, TokenError> {
        let client = self.authenticate().await?;
        let text = self.params.require("token")?;
        let inactive = json!({ "active": false });
        let Some(token) = self.read_any_token(text).filter(|token| token.public.app_id == client.app_id) else {
            return Ok(inactive);
        };
        let Some(family) = self.find_family(&token).await? else { return Ok(inactive) };
        let now = self.isolate.now();
        let (is_running, until) = match use_of(&token) {
            TokenUse::Access { until, .. } => (now < until, until),
            // A used refresh token gives at most what was given already.
            _ => (token.generation == family.generation && now < family.ends_at(), family.ends_at()),
        };
        let since = match use_of(&token) {
            TokenUse::Access { until, .. } => until.0.saturating_sub(ACCESS_SECONDS),
            _ => family.advanced_at.0,
        };
        if !is_running || family.code.is_some() || self.check_secret(&token, &family.root, use_of(&token)).is_err() {
            return Ok(inactive);
        }
        // What the gate would say: the account may be suspended, and the App was looked at with the client.
        let call = AccountCall::ReadGrantRecord { app_id: client.app_id, is_missing: false };
        let record: GrantRecord =
            self.isolate.read_account(token.user, call).await.map_err(|refusal| self.fail_on(&refusal))?;
        if record.grant.is_none() {
            return Ok(inactive);
        }
        let client_id = self.isolate.on_app(client.app_id, |app| app.client_id.clone()).flatten();
        let kind = if matches!(use_of(&token), TokenUse::Refresh) { "refresh_token" } else { "bearer" };
        Ok(json!({
            "active": true,
            "scope": scopes_without(&family.scopes, token.left_out).join(" "),
            "client_id": client_id,
            "token_type": kind,
            "exp": until.0,
            "iat": since,
            "sub": token.user,
            "iss": self.isolate.settings.origin(self.request.origin()),
        }))
    }
}
