//! The life of an App's credentials.

use super::call::{CredentialUse, EnsureBearerToken, Profile, ReplaceCredential};
use super::{Committed, Ledger};
use crate::app::{AppRecord, StoredApp, Which};
use crate::credential::StoredCredential;
use crate::ports::{ObjectPorts, SqlError};
use crate::refusal::Refusal;
use gatehouse_shared::api::{CredentialKind, Done};
use gatehouse_shared::credential::Serial;
use gatehouse_shared::model::{AppId, UnixSeconds};

const DAY: u64 = 86_400;

impl<R: ObjectPorts> Ledger<R> {
    /// Saves a change of the App's credentials, notes it in the activity log,
    /// publishes it and answers with the App.
    fn store_credentials(&self, app: StoredApp, operation: &str, kind: CredentialKind) -> Result<Committed, Refusal> {
        self.record(operation, format!("{} of {}", kind.label(), app.settings.name), Some(app.id), false)?;
        self.forget_uses(&app)?;
        self.store_app(app)
    }

    pub(super) fn replace_credential(&self, call: &ReplaceCredential) -> Result<Committed, Refusal> {
        let mut app = self.app(call.app_id)?;
        let (new, now) = (call.credential.clone(), self.runtime.now().seconds());
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
    ) -> Result<Committed, Refusal> {
        let mut app = self.app(id)?;
        app.set_expiry(kind, expires_at)?;
        self.store_credentials(app, "update_credential", kind)
    }

    pub(super) fn revoke_credential(
        &self,
        id: AppId,
        kind: CredentialKind,
        which: Which,
    ) -> Result<Committed, Refusal> {
        let mut app = self.app(id)?;
        app.revoke_credential(kind, which)?;
        let operation = if which == Which::Previous { "end_overlap" } else { "revoke_credential" };
        self.store_credentials(app, operation, kind)
    }

    /// Answers with the stored Bearer Token.
    pub(super) fn ensure_bearer_token(&self, call: &EnsureBearerToken) -> Result<Committed, Refusal> {
        let mut app = self.app(call.app_id)?;
        let now = self.runtime.now().seconds();
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

    pub(super) fn record_uses(&self, uses: &[CredentialUse]) -> Result<Committed, Refusal> {
        for used in uses {
            let Ok(app) = self.app(used.app_id) else { continue };
            if !app.credentials.iter().any(|stored| stored.root.serial == used.serial) {
                continue;
            }
            self.runtime.exec(
                "INSERT INTO credential_use(app_id, serial, day) VALUES (?, ?, ?) \
                 ON CONFLICT DO UPDATE SET day = max(day, excluded.day)",
                &[used.app_id.to_string().into(), used.serial.value().into(), used.day.into()],
            )?;
        }
        Committed::answer(&Done {})
    }

    /// Forgets the uses of credentials that the App no longer has.
    fn forget_uses(&self, app: &StoredApp) -> Result<(), SqlError> {
        for (serial, _) in self.days_of_use(app.id)? {
            if !app.credentials.iter().any(|stored| stored.root.serial.value() == serial) {
                self.runtime.exec(
                    "DELETE FROM credential_use WHERE app_id = ? AND serial = ?",
                    &[app.id.to_string().into(), serial.into()],
                )?;
            }
        }
        Ok(())
    }

    fn days_of_use(&self, app_id: AppId) -> Result<Vec<(u64, u64)>, SqlError> {
        let rows = self
            .runtime
            .exec("SELECT serial, day FROM credential_use WHERE app_id = ?", &[app_id.to_string().into()])?;
        rows.iter().map(|row| Ok((row.integer(0)? as u64, row.integer(1)? as u64))).collect()
    }

    /// The start of the day on which each credential was last used.
    pub(super) fn last_uses(&self, app_id: AppId) -> Result<impl Fn(Serial) -> Option<UnixSeconds>, SqlError> {
        let days = self.days_of_use(app_id)?;
        Ok(move |wanted: Serial| {
            let found = days.iter().find(|(serial, _)| *serial == wanted.value());
            found.map(|(_, day)| UnixSeconds(day * DAY))
        })
    }

    pub(super) fn read_profile(&self) -> Result<Committed, Refusal> {
        let account = self.account()?;
        Committed::answer(&Profile { id: account.id, username: account.username, created_at: account.created_at })
    }

    pub(super) fn read_credentials(&self) -> Result<Committed, Refusal> {
        let apps = self.apps()?;
        let all: Vec<(AppId, &StoredCredential)> =
            apps.iter().flat_map(|app| app.credentials.iter().map(|stored| (app.id, stored))).collect();
        Committed::answer(&all)
    }

    /// Takes over what the secrets rest on, and nothing else: the rest may
    /// have changed since it was read.
    pub(super) fn put_rederived(&self, credentials: &[(AppId, StoredCredential)]) -> Result<Committed, Refusal> {
        let account = self.account()?;
        let mut records: Vec<(AppId, AppRecord)> = Vec::new();
        for mut app in self.apps()? {
            let before = app.clone();
            for (_, new) in credentials.iter().filter(|(id, _)| *id == app.id) {
                let same =
                    |stored: &&mut StoredCredential| stored.kind == new.kind && stored.root.serial == new.root.serial;
                if let Some(stored) = app.credentials.iter_mut().find(same) {
                    stored.root = new.root.clone();
                }
            }
            if app != before {
                self.save_app(&app)?;
                let version = self.next_version()?;
                records.push(self.post_app(version, &account, &app)?);
            }
        }
        Ok(Committed::answer(&Done {})?.with_records(records))
    }
}
