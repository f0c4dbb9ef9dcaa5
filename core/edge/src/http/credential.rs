//! Makes, replaces and revokes an App's credentials.

use super::body::{BodyError, read_json};
use super::reply::Response;
use super::router::Exchange;
use gatehouse_domain::app::Which;
use gatehouse_domain::credential::{Seed, StoredCredential, draw_credential, show_credential};
use gatehouse_domain::message::ledger::{Caller, HeldRoot, LedgerCall, ReplaceCredential};
use gatehouse_domain::portal_error::{Missing, PortalError};
use gatehouse_domain::ports::{EdgePorts, random};
use gatehouse_shared::api::{
    AppView, CredentialKind, Done, IssuedCredentials, RederivedCredentials, RegenerateCredentialRequest,
    RegeneratedCredential, UpdateCredentialRequest,
};
use gatehouse_shared::model::{AccountId, AppId};

impl<R: EdgePorts> Exchange<'_, R> {
    fn kind(&self) -> Result<CredentialKind, PortalError> {
        self.params.get("kind").parse().map_err(|()| PortalError::NotFound(Missing::Credential))
    }

    /// Draws a credential for an App of the caller: what to store, and what to
    /// show once.
    pub(super) fn draw_credential(
        &self,
        app_id: AppId,
        kind: CredentialKind,
    ) -> Result<(StoredCredential, IssuedCredentials), PortalError> {
        let (settings, runtime) = (&self.isolate.settings, &self.isolate.runtime);
        let subject = (app_id, self.token.as_ref().ok_or(PortalError::NotSignedIn)?.account);
        let now = runtime.now().seconds();
        let stored = draw_credential(&settings.keyring, settings.prefix(), kind, subject, now, runtime);
        let shown = show_credential(&settings.keyring, settings.prefix(), subject, &stored)
            .ok_or_else(|| PortalError::Internal("a new credential can't be shown".into()))?;
        Ok((stored, shown))
    }

    pub(super) async fn regenerate_credential(&self) -> Result<Response, BodyError> {
        let (app_id, kind) = (self.app_id()?, self.kind()?);
        let now = self.isolate.runtime.now().seconds();
        let request = read_json::<RegenerateCredentialRequest>(self.request)?.check(now)?;
        let (mut credential, mut shown) = self.draw_credential(app_id, kind)?;
        credential.expires_at = request.expires_at;
        let overlap_seconds = request.overlap_hours.map(|hours| u64::from(hours) * 3600);
        let call = ReplaceCredential { app_id, credential, overlap_seconds };
        let app: AppView = self.ask(LedgerCall::ReplaceCredential(call)).await?;
        if kind == CredentialKind::ClientSecret {
            shown.client_id.clone_from(&app.client_id);
        }
        Ok(Response::ok(&RegeneratedCredential { credentials: shown, app })?)
    }

    pub(super) async fn update_credential(&self) -> Result<Response, BodyError> {
        let (app_id, kind) = (self.app_id()?, self.kind()?);
        let now = self.isolate.runtime.now().seconds();
        let UpdateCredentialRequest { expires_at } = read_json::<UpdateCredentialRequest>(self.request)?.check(now)?;
        self.pass(LedgerCall::UpdateCredential { app_id, kind, expires_at }).await
    }

    pub(super) async fn revoke_credential(&self, which: Which) -> Result<Response, BodyError> {
        self.pass(LedgerCall::RevokeCredential { app_id: self.app_id()?, kind: self.kind()?, which }).await
    }

    /// Makes every credential of an account rest on the newest master key.
    /// Safe to repeat: what rests there already is left alone.
    pub(super) async fn rederive_credentials(&self) -> Result<Response, BodyError> {
        let owner: AccountId =
            self.params.get("account_id").parse().map_err(|_| PortalError::NotFound(Missing::Account))?;
        let keyring = &self.isolate.settings.keyring;
        let (user, held): (AccountId, Vec<HeldRoot>) =
            self.ask_ledger(owner, Caller::Operator, LedgerCall::ReadRoots).await?;
        let mut count = RederivedCredentials::default();
        let mut moved = Vec::new();
        for held in held {
            if held.root.master_key_id() == keyring.newest() {
                count.unchanged += 1;
                continue;
            }
            let seed = Seed::new(random(&self.isolate.runtime));
            match keyring.rederive(held.derived(user), held.app_id, &held.root, seed) {
                Some(root) => moved.push(HeldRoot { root, ..held }),
                None => count.lost += 1,
            }
        }
        if !moved.is_empty() {
            count.moved = u32::try_from(moved.len()).unwrap_or(u32::MAX);
            let _: Done = self.ask_ledger(owner, Caller::Operator, LedgerCall::PutRoots(moved)).await?;
        }
        Ok(Response::ok(&count)?)
    }
}
