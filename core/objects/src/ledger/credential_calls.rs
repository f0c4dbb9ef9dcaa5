//! The life of an App's credentials.

use super::{Committed, Ledger};
use gatehouse_domain::app::{AppRecord, StoredApp, Which};
use gatehouse_domain::credential::Root;
use gatehouse_domain::message::ledger::{
    CredentialUse, EnsureBearerToken, HeldRoot, Place, Profile, ReplaceCredential,
};
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::{ObjectPorts, SqlError};
use gatehouse_shared::api::{CredentialKind, Done};
use gatehouse_shared::credential::Serial;
use gatehouse_shared::model::{AppId, ApplicationState, DAY_SECONDS, UnixSeconds};

impl<R: ObjectPorts> Ledger<R> {
    /// Saves a change of the App's credentials, notes it in the activity log,
    /// publishes it and answers with the App.
    pub(super) fn store_credentials(
        &self,
        app: StoredApp,
        operation: &str,
        kind: CredentialKind,
    ) -> Result<Committed, PortalError> {
        self.record(operation, format!("{} of {}", kind.label(), app.settings.name), Some(app.id), false)?;
        let id = app.id;
        let stored = self.store_app(app)?;
        self.forget_uses(id)?;
        Ok(stored)
    }

    pub(super) fn replace_credential(&self, call: &ReplaceCredential) -> Result<Committed, PortalError> {
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
    ) -> Result<Committed, PortalError> {
        let mut app = self.app(id)?;
        app.set_expiry(kind, expires_at)?;
        self.store_credentials(app, "update_credential", kind)
    }

    pub(super) fn revoke_credential(
        &self,
        id: AppId,
        kind: CredentialKind,
        which: Which,
    ) -> Result<Committed, PortalError> {
        let mut app = self.app(id)?;
        app.revoke_credential(kind, which)?;
        let operation = if which == Which::Previous { "end_overlap" } else { "revoke_credential" };
        self.store_credentials(app, operation, kind)
    }

    /// Answers with the stored Bearer Token.
    pub(super) fn ensure_bearer_token(&self, call: &EnsureBearerToken) -> Result<Committed, PortalError> {
        let mut app = self.app(call.app_id)?;
        if self.account()?.is_stopped() {
            return Err(PortalError::NotApproved(ApplicationState::Suspended));
        }
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

    pub(super) fn record_uses(&self, uses: &[CredentialUse]) -> Result<Committed, PortalError> {
        for used in uses {
            if !self.serials_in_use(used.app_id)?.contains(&used.serial) {
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

    /// The serials of an App's credentials that this account has: its own
    /// App's, and what it lets the App do.
    fn serials_in_use(&self, app_id: AppId) -> Result<Vec<Serial>, SqlError> {
        let mut serials = self.grant(app_id)?.map(|grant| grant.serials()).unwrap_or_default();
        if let Ok(app) = self.app(app_id) {
            serials.extend(app.credentials.iter().map(|stored| stored.root.serial));
        }
        Ok(serials)
    }

    /// Forgets the uses of credentials that are gone.
    pub(super) fn forget_uses(&self, app_id: AppId) -> Result<(), SqlError> {
        let kept = self.serials_in_use(app_id)?;
        for (serial, _) in self.days_of_use(app_id)? {
            if !kept.iter().any(|kept| kept.value() == serial) {
                self.runtime.exec(
                    "DELETE FROM credential_use WHERE app_id = ? AND serial = ?",
                    &[app_id.to_string().into(), serial.into()],
                )?;
            }
        }
        Ok(())
    }

    fn days_of_use(&self, app_id: AppId) -> Result<Vec<(u64, u64)>, SqlError> {
        let rows = self
            .runtime
            .exec("SELECT serial, day FROM credential_use WHERE app_id = ?", &[app_id.to_string().into()])?;
        rows.iter().map(|row| Ok((row.number(0)?, row.number(1)?))).collect()
    }

    /// The start of the day on which each credential was last used.
    pub(super) fn last_uses(&self, app_id: AppId) -> Result<impl Fn(Serial) -> Option<UnixSeconds>, SqlError> {
        let days = self.days_of_use(app_id)?;
        Ok(move |wanted: Serial| {
            let found = days.iter().find(|(serial, _)| *serial == wanted.value());
            found.map(|(_, day)| UnixSeconds(day * DAY_SECONDS))
        })
    }

    pub(super) fn read_profile(&self) -> Result<Committed, PortalError> {
        let account = self.account()?;
        Committed::answer(&Profile { id: account.id, username: account.username, created_at: account.created_at })
    }

    /// Every root of the account: its Apps' and those of what it granted.
    pub(super) fn read_roots(&self) -> Result<Committed, PortalError> {
        let user = self.account()?.id;
        let mut held: Vec<HeldRoot> = Vec::new();
        for app in self.apps()? {
            held.extend(app.credentials.iter().map(|stored| HeldRoot::of_credential(app.id, stored)));
        }
        for grant in self.grants()? {
            let app_id = grant.app.id;
            let token = grant.access_token.iter();
            held.extend(token.map(|stored| HeldRoot { app_id, place: Place::Granted, root: stored.root.clone() }));
            let families = grant.families.iter();
            held.extend(families.map(|family| HeldRoot { app_id, place: Place::Family, root: family.root.clone() }));
        }
        Committed::answer(&(user, held))
    }

    /// Takes over what the secrets rest on, and nothing else: the rest may
    /// have changed since it was read.
    pub(super) fn put_roots(&self, roots: &[HeldRoot]) -> Result<Committed, PortalError> {
        let account = self.account()?;
        let mut records: Vec<(AppId, AppRecord)> = Vec::new();
        for mut app in self.apps()? {
            let before = app.clone();
            for stored in &mut app.credentials {
                take_over(&mut stored.root, app.id, Place::App(stored.kind), roots);
            }
            if app != before {
                self.save_app(&app)?;
                let version = self.next_version()?;
                records.push(self.post_app(version, &account, &app)?);
            }
        }
        let mut answer = Committed::answer(&Done {})?.with_records(records);
        for mut grant in self.grants()? {
            let (before, app_id) = (grant.clone(), grant.app.id);
            if let Some(stored) = &mut grant.access_token {
                take_over(&mut stored.root, app_id, Place::Granted, roots);
            }
            for family in &mut grant.families {
                take_over(&mut family.root, app_id, Place::Family, roots);
            }
            if grant != before {
                answer = self.store_grant(&grant, answer)?;
            }
        }
        Ok(answer)
    }
}

fn take_over(root: &mut Root, app_id: AppId, place: Place, roots: &[HeldRoot]) {
    let same = |new: &&HeldRoot| new.app_id == app_id && new.place == place && new.root.serial == root.serial;
    if let Some(new) = roots.iter().find(same) {
        *root = new.root.clone();
    }
}
