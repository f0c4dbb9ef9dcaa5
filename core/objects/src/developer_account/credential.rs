//! The life of an App's credentials.

use super::DeveloperAccount;
use super::app::of_app;
use crate::ledger::{Act, Committed, credentials_changed};
use gatehouse_domain::app::{AppRecord, StoredApp};
use gatehouse_domain::credential::{Which, revoke_credential, set_expiry};
use gatehouse_domain::message::credential::{HeldRoot, Place, take_over};
use gatehouse_domain::message::developer_account::{EnsureBearerToken, ReplaceCredential};
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::{ObjectPorts, SqlError};
use gatehouse_shared::api::{CredentialKind, Done};
use gatehouse_shared::credential::Serial;
use gatehouse_shared::model::{AppId, ApplicationState, UnixSeconds};

impl<R: ObjectPorts> DeveloperAccount<R> {
    /// Saves a change of the App's credentials, notes it in the activity log,
    /// publishes it and answers with the App.
    pub(super) fn store_credentials(
        &self,
        app: StoredApp,
        operation: &'static str,
        kind: CredentialKind,
    ) -> Result<Committed, PortalError> {
        let (id, before) = (app.id, self.app(app.id)?);
        let subject = format!("{} of {}", kind.label(), app.settings.name);
        let act = credentials_changed(of_app(operation, &app), &before.credentials, &app.credentials);
        self.ledger.record(Act { subject, ..act })?;
        let stored = self.store_app(app)?;
        self.ledger.forget_uses(id, &self.serials_in_use(id)?)?;
        Ok(stored)
    }

    pub(super) fn replace_credential(&self, call: &ReplaceCredential) -> Result<Committed, PortalError> {
        let mut app = self.app(call.app_id)?;
        let (new, now) = (call.credential.clone(), self.ledger.runtime.now().seconds());
        let kind = new.kind;
        let operation =
            if app.current_credential(kind).is_some() { "regenerate_credential" } else { "generate_credential" };
        app.replace_credential(new, call.overlap_seconds, now)?;
        self.store_credentials(app, operation, kind)
    }

    pub(super) fn update_credential(
        &self,
        id: AppId,
        kind: CredentialKind,
        expires_at: Option<UnixSeconds>,
    ) -> Result<Committed, PortalError> {
        let mut app = self.app(id)?;
        set_expiry(&mut app.credentials, kind, expires_at)?;
        self.store_credentials(app, "update_credential", kind)
    }

    pub(super) fn revoke_credential(
        &self,
        id: AppId,
        kind: CredentialKind,
        which: Which,
    ) -> Result<Committed, PortalError> {
        let mut app = self.app(id)?;
        revoke_credential(&mut app.credentials, kind, which)?;
        let operation = if which == Which::Previous { "end_overlap" } else { "revoke_credential" };
        self.store_credentials(app, operation, kind)
    }

    /// Answers with the stored Bearer Token.
    pub(super) fn ensure_bearer_token(&self, call: &EnsureBearerToken) -> Result<Committed, PortalError> {
        let mut app = self.app(call.app_id)?;
        if self.developer()?.is_stopped() {
            return Err(PortalError::NotApproved(ApplicationState::Suspended));
        }
        let now = self.ledger.runtime.now().seconds();
        let kind = CredentialKind::BearerToken;
        if let Some(current) = app.current_credential(kind)
            && current.works_at(now)
            && call.instead_of != Some(current.root.serial)
        {
            return Committed::answer(current);
        }
        app.replace_credential(call.credential.clone(), None, now)?;
        let stored = self.store_credentials(app, "generate_credential", kind)?;
        Ok(Committed::answer(&call.credential)?.with_records(stored.records))
    }

    /// The serials of an App's credentials.
    pub(super) fn serials_in_use(&self, app_id: AppId) -> Result<Vec<Serial>, SqlError> {
        let app = self.app(app_id).ok();
        Ok(app.iter().flat_map(|app| &app.credentials).map(|stored| stored.root.serial).collect())
    }

    /// Every root of its Apps.
    pub(super) fn read_roots(&self) -> Result<Committed, PortalError> {
        self.require_nothing_on_its_way()?;
        let mut held: Vec<HeldRoot> = Vec::new();
        for app in self.apps()? {
            held.extend(app.credentials.iter().map(|stored| HeldRoot {
                app_id: app.id,
                place: Place::App(stored.kind),
                root: stored.root.clone(),
            }));
        }
        Committed::answer(&held)
    }

    /// Takes over what the secrets rest on, and nothing else: the rest may
    /// have changed since it was read.
    pub(super) fn put_roots(&self, roots: &[HeldRoot]) -> Result<Committed, PortalError> {
        let developer = self.developer()?;
        let mut records: Vec<(AppId, AppRecord)> = Vec::new();
        let serials = roots.iter().map(|held| held.root.serial);
        self.ledger.audit(&Act::new("rederive_credentials", "").with_serials(serials))?;
        for mut app in self.apps()? {
            let before = app.clone();
            for stored in &mut app.credentials {
                take_over(&mut stored.root, app.id, Place::App(stored.kind), roots);
            }
            if app != before {
                self.save_app(&app)?;
                records.push(self.post_app(self.ledger.next_version()?, &developer, &app)?);
            }
        }
        Ok(Committed::answer(&Done {})?.with_records(records))
    }
}
