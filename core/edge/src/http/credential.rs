//! Makes, replaces and revokes an App's credentials, and a member's own Access
//! Token for it.

use super::body::{BodyError, read_json};
use super::reply::Response;
use super::router::Exchange;
use gatehouse_domain::credential::{Seed, StoredCredential, Which, draw_credential, show_credential};
use gatehouse_domain::message::account::{AccountCall, Caller, OwnTokenTerms, ReplaceOwnToken};
use gatehouse_domain::message::credential::HeldRoot;
use gatehouse_domain::message::developer_account::{DeveloperAccountCall, ReplaceCredential};
use gatehouse_domain::portal_error::{Missing, PortalError};
use gatehouse_domain::ports::{EdgePorts, random};
use gatehouse_shared::api::{
    Access, AppView, CredentialKind, CredentialView, Done, IssuedCredentials, RederivedCredentials,
    RegenerateCredentialRequest, RegeneratedCredential, UpdateCredentialRequest,
};
use gatehouse_shared::model::{AccountId, AppId};

impl<R: EdgePorts> Exchange<'_, R> {
    fn kind(&self) -> Result<CredentialKind, PortalError> {
        self.params.get("kind").parse().map_err(|()| PortalError::NotFound(Missing::Credential))
    }

    /// Draws a credential of an App, for `user` if it is an Access Token: what
    /// to store, and what to show once.
    pub(super) fn draw_credential(
        &self,
        app_id: AppId,
        kind: CredentialKind,
        user: Option<AccountId>,
    ) -> Result<(StoredCredential, IssuedCredentials), PortalError> {
        let (settings, runtime) = (&self.isolate.settings, &self.isolate.runtime);
        let (subject, now) = ((app_id, user), runtime.now().seconds());
        let stored = draw_credential(&settings.keyring, settings.prefix(), kind, subject, now, runtime);
        let shown = show_credential(&settings.keyring, settings.prefix(), subject, &stored)
            .ok_or_else(|| PortalError::Internal("a new credential can't be shown".into()))?;
        Ok((stored, shown))
    }

    pub(super) async fn regenerate_credential(&self) -> Result<Response, BodyError> {
        let (app_id, kind) = (self.app_id()?, self.kind()?);
        let now = self.isolate.runtime.now().seconds();
        let request = read_json::<RegenerateCredentialRequest>(self.request)?.check(now)?;
        if kind == CredentialKind::AccessToken {
            return self.regenerate_own_token(app_id, request).await;
        }
        let (mut credential, mut shown) = self.draw_credential(app_id, kind, None)?;
        credential.expires_at = request.expires_at;
        let call = ReplaceCredential { app_id, credential, overlap_seconds: overlap_seconds(&request) };
        let app: AppView = self.ask_developer(DeveloperAccountCall::ReplaceCredential(call)).await?;
        if kind == CredentialKind::ClientSecret {
            shown.client_id.clone_from(&app.client_id);
        }
        let app = self.with_own_tokens(app).await?;
        Ok(Response::ok(&RegeneratedCredential { credentials: shown, app })?)
    }

    /// The developer account says whether the member may generate an Access Token; their Account keeps it.
    async fn regenerate_own_token(
        &self,
        app_id: AppId,
        request: RegenerateCredentialRequest,
    ) -> Result<Response, BodyError> {
        let call = DeveloperAccountCall::AllowOwnToken { app_id };
        let (terms, app): (OwnTokenTerms, AppView) = self.ask_developer(call).await?;
        let user = self.signer(Some(app_id)).await?.account;
        let (mut credential, shown) = self.draw_credential(app_id, CredentialKind::AccessToken, Some(user))?;
        credential.expires_at = request.expires_at;
        let call = ReplaceOwnToken { terms, credential, overlap_seconds: overlap_seconds(&request) };
        let tokens: Vec<CredentialView> = self.ask(AccountCall::ReplaceOwnToken(call)).await?;
        self.put_own_tokens(tokens);
        let app = self.with_own_tokens(app).await?;
        Ok(Response::ok(&RegeneratedCredential { credentials: shown, app })?)
    }

    pub(super) async fn update_credential(&self) -> Result<Response, BodyError> {
        let (app_id, kind) = (self.app_id()?, self.kind()?);
        let now = self.isolate.runtime.now().seconds();
        let UpdateCredentialRequest { expires_at } = read_json::<UpdateCredentialRequest>(self.request)?.check(now)?;
        if kind == CredentialKind::AccessToken {
            return self.change_own_token(AccountCall::UpdateOwnToken { app_id, expires_at }).await;
        }
        self.pass_app(DeveloperAccountCall::UpdateCredential { app_id, kind, expires_at }).await
    }

    pub(super) async fn revoke_credential(&self, which: Which) -> Result<Response, BodyError> {
        let (app_id, kind) = (self.app_id()?, self.kind()?);
        if kind == CredentialKind::AccessToken {
            return self.change_own_token(AccountCall::RevokeOwnToken { app_id, which }).await;
        }
        self.pass_app(DeveloperAccountCall::RevokeCredential { app_id, kind, which }).await
    }

    /// Changes or revokes the member's own Access Token. Asked first: whether they may see the App.
    async fn change_own_token(&self, call: AccountCall) -> Result<Response, BodyError> {
        let app_id = self.app_id()?;
        self.require(Access::Developer).await?;
        let app: AppView = self.ask_developer(DeveloperAccountCall::FindApp { app_id }).await?;
        let tokens: Vec<CredentialView> = self.ask(call).await?;
        self.put_own_tokens(tokens);
        Ok(Response::ok(&self.with_own_tokens(app).await?)?)
    }

    /// Makes the secrets of an account's grants rest on the newest master key.
    /// Safe to repeat: what rests there already is left alone.
    pub(super) async fn rederive_credentials(&self) -> Result<Response, BodyError> {
        let account = self.account_of_path()?;
        let held: Vec<HeldRoot> =
            self.ask_account(account, Caller::Operator(self.operator()?), AccountCall::ReadRoots).await?;
        let (moved, count) = self.rederive(held);
        if !moved.is_empty() {
            let _: Done =
                self.ask_account(account, Caller::Operator(self.operator()?), AccountCall::PutRoots(moved)).await?;
        }
        Ok(Response::ok(&count)?)
    }

    /// The same with the secrets of a developer account's Apps.
    pub(super) async fn rederive_developer_credentials(&self) -> Result<Response, BodyError> {
        let held: Vec<HeldRoot> = self.ask_developer_as_operator(DeveloperAccountCall::ReadRoots).await?;
        let (moved, count) = self.rederive(held);
        if !moved.is_empty() {
            let _: Done = self.ask_developer_as_operator(DeveloperAccountCall::PutRoots(moved)).await?;
        }
        Ok(Response::ok(&count)?)
    }

    /// Derives roots anew that rest on an older master key.
    fn rederive(&self, held: Vec<HeldRoot>) -> (Vec<HeldRoot>, RederivedCredentials) {
        let keyring = &self.isolate.settings.keyring;
        let mut count = RederivedCredentials::default();
        let mut moved = Vec::new();
        for held in held {
            if held.root.master_key_id() == keyring.newest() {
                count.unchanged += 1;
                continue;
            }
            let seed = Seed::new(random(&self.isolate.runtime));
            let derived = held.derived();
            match derived.and_then(|derived| keyring.rederive(derived, held.app_id, &held.root, seed)) {
                Some(root) => moved.push(HeldRoot { root, ..held }),
                None => count.lost += 1,
            }
        }
        count.moved = u32::try_from(moved.len()).unwrap_or(u32::MAX);
        (moved, count)
    }
}

fn overlap_seconds(request: &RegenerateCredentialRequest) -> Option<u64> {
    request.overlap_hours.map(|hours| u64::from(hours) * 3600)
}
