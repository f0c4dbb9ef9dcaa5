//! Access Tokens that the person generates as a member of an App's developer account.

use super::Account;
use super::grant::of_grant;
use crate::ledger::{Act, Committed, credentials_changed};
use gatehouse_domain::credential::{Which, current_credential, replace_credential, revoke_credential, set_expiry};
use gatehouse_domain::grant::{OwnTokens, StoredGrant};
use gatehouse_domain::message::account::ReplaceOwnToken;
use gatehouse_domain::portal_error::{Missing, PortalError};
use gatehouse_domain::ports::ObjectPorts;
use gatehouse_shared::api::{CredentialKind, Done};
use gatehouse_shared::model::{AppId, UnixSeconds};

const KIND: CredentialKind = CredentialKind::AccessToken;

impl<R: ObjectPorts> Account<R> {
    /// Generates or regenerates the person's own Access Token for an App.
    pub(super) fn replace_own_token(&self, call: &ReplaceOwnToken) -> Result<Committed, PortalError> {
        self.account()?.require_active()?;
        self.require_not_taken_back(&call.terms)?;
        let now = self.ledger.runtime.now().seconds();
        let terms = &call.terms;
        let mut grant = self.grant(terms.app.id)?.unwrap_or_else(|| StoredGrant::new(terms.app.clone(), now));
        grant.app = terms.app.clone();
        let (developer, transfers) = (terms.developer, terms.transfers);
        let kept = grant.own.take();
        if kept.as_ref().is_some_and(|own| own.transfers > transfers) {
            return Err(PortalError::NotFound(Missing::App));
        }
        let kept = kept.filter(|own| (own.developer, own.transfers) == (developer, transfers));
        let mut own = kept.unwrap_or(OwnTokens { developer, transfers, tokens: Vec::new() });
        let operation = match current_credential(&own.tokens, KIND) {
            Some(_) => "regenerate_credential",
            None => "generate_credential",
        };
        let mut new = call.credential.clone();
        new.permission = Some(terms.permission);
        replace_credential(&mut own.tokens, new, call.overlap_seconds, now)?;
        grant.own = Some(own);
        self.store_own_tokens(grant, operation)
    }

    pub(super) fn update_own_token(
        &self,
        app_id: AppId,
        expires_at: Option<UnixSeconds>,
    ) -> Result<Committed, PortalError> {
        let mut grant = self.grant(app_id)?.ok_or(PortalError::NotFound(Missing::Credential))?;
        let own = grant.own.as_mut().ok_or(PortalError::NotFound(Missing::Credential))?;
        set_expiry(&mut own.tokens, KIND, expires_at)?;
        self.store_own_tokens(grant, "update_credential")
    }

    pub(super) fn revoke_own_token(&self, app_id: AppId, which: Which) -> Result<Committed, PortalError> {
        let mut grant = self.grant(app_id)?.ok_or(PortalError::NotFound(Missing::Credential))?;
        let own = grant.own.as_mut().ok_or(PortalError::NotFound(Missing::Credential))?;
        revoke_credential(&mut own.tokens, KIND, which)?;
        grant.own.take_if(|own| own.tokens.is_empty());
        self.store_own_tokens(grant, if which == Which::Previous { "end_overlap" } else { "revoke_credential" })
    }

    /// Ends those from before an App was given away.
    pub(super) fn end_own_tokens(&self, app_id: AppId, transfers: u32) -> Result<Committed, PortalError> {
        let done = Committed::answer(&Done {})?;
        let Some(mut grant) = self.grant(app_id)? else { return Ok(done) };
        if grant.own.take_if(|own| own.transfers < transfers).is_none() {
            return Ok(done);
        }
        self.record_own_token(&grant, "revoke_credential")?;
        self.store_grant(&grant, done)
    }

    fn store_own_tokens(&self, grant: StoredGrant, operation: &'static str) -> Result<Committed, PortalError> {
        let app_id = grant.app.id;
        self.record_own_token(&grant, operation)?;
        let mut stored = self.store_grant(&grant, Committed::answer(&())?)?;
        stored.answer = Committed::answer(&self.view_own_tokens(app_id)?)?.answer;
        Ok(stored)
    }

    /// Puts a change of the person's own Access Tokens into their activity log.
    pub(super) fn record_own_token(&self, grant: &StoredGrant, operation: &'static str) -> Result<(), PortalError> {
        let subject = format!("{} of {}", KIND.label(), grant.app.name);
        let before = self.grant(grant.app.id)?;
        let before = before.as_ref().map_or(&[][..], |before| before.own_tokens());
        let act = credentials_changed(of_grant(operation, grant), before, grant.own_tokens());
        Ok(self.ledger.record(Act { subject, ..act })?)
    }
}
