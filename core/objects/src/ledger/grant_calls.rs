//! What the account's user lets Apps do, its own Apps included.

use super::outbox::Publication;
use super::{Committed, Ledger, StoredAccount};
use gatehouse_domain::app::{StoredApp, Which};
use gatehouse_domain::consent::Catalog;
use gatehouse_domain::credential::StoredCredential;
use gatehouse_domain::grant::{GrantRecord, PendingConsent, RedemptionError, Step, StoredGrant, grant_key};
use gatehouse_domain::message::ledger::{Advanced, AskingApp, EnsureAccessToken, NoteConsent, StartFamily};
use gatehouse_domain::oauth1::{REPEAT_SECONDS, REQUEST_TOKEN_SECONDS};
use gatehouse_domain::portal_error::{Missing, PortalError};
use gatehouse_domain::ports::{ObjectPorts, SqlError};
use gatehouse_shared::api::{ConnectedApp, ConnectedAppList, CredentialKind, Done};
use gatehouse_shared::credential::Serial;
use gatehouse_shared::model::{AppId, ApplicationState};

impl<R: ObjectPorts> Ledger<R> {
    pub(super) fn grants(&self) -> Result<Vec<StoredGrant>, SqlError> {
        self.list("SELECT doc FROM grant_given", &[])
    }

    pub(super) fn grant(&self, app_id: AppId) -> Result<Option<StoredGrant>, SqlError> {
        Ok(self.list("SELECT doc FROM grant_given WHERE app_id = ?", &[app_id.to_string().into()])?.pop())
    }

    fn existing_grant(&self, app_id: AppId) -> Result<StoredGrant, PortalError> {
        self.grant(app_id)?.ok_or(PortalError::NotFound(Missing::Grant))
    }

    pub(super) fn save_grant(&self, grant: &StoredGrant) -> Result<(), SqlError> {
        let id = grant.app.id.to_string();
        if grant.is_empty() {
            self.runtime.exec("DELETE FROM grant_given WHERE app_id = ?", &[id.into()])?;
        } else {
            let doc = serde_json::to_string(grant).map_err(|error| SqlError(format!("grant: {error}")))?;
            let statement = "INSERT OR REPLACE INTO grant_given(app_id, doc) VALUES (?, ?)";
            self.runtime.exec(statement, &[id.into(), doc.into()])?;
        }
        Ok(())
    }

    /// Saves a changed grant and posts it for the gate and for the App's count.
    pub(super) fn store_grant(&self, grant: &StoredGrant, answer: Committed) -> Result<Committed, PortalError> {
        let (before, kept) = (self.grant(grant.app.id)?, grant.serials());
        self.save_grant(grant)?;
        // The uses of tokens go with them.
        if before.is_some_and(|before| before.serials().iter().any(|serial| !kept.contains(serial))) {
            self.forget_uses(grant.app.id)?;
        }
        let account = self.account()?;
        let (app_id, user, version) = (grant.app.id, account.id, self.next_version()?);
        let record = self.record_of(grant, version, account.is_stopped());
        self.post(version, &Publication::Grant { app_id, user, record: record.clone() })?;
        self.post(version, &Publication::Grantee { app_id, user, granted: grant.is_used() })?;
        let mut answer = answer.with_grant(app_id, user, record);
        // The gate looks for an owner's token in the App's own record.
        if let Some(app) = self.own_app(app_id)? {
            answer.records.push(self.post_app(version, &account, &app)?);
        }
        Ok(answer)
    }

    fn record_of(&self, grant: &StoredGrant, version: u64, user_suspended: bool) -> GrantRecord {
        let live = (!grant.has_no_tokens()).then(|| grant.live(user_suspended));
        GrantRecord::new(version, live)
    }

    /// Posts every grant again: what the gate knows of the whole account changed.
    pub(super) fn repost_grants(&self, mut answer: Committed) -> Result<Committed, PortalError> {
        for grant in self.grants()? {
            answer = self.store_grant(&grant, answer)?;
        }
        Ok(answer)
    }

    /// The record as it would be published now. Where KV has none, and should
    /// have, it is published again.
    pub(super) fn read_grant_record(&self, app_id: AppId, is_missing: bool) -> Result<Committed, PortalError> {
        let account = self.account()?;
        let publish = is_missing && self.may_publish_again(&grant_key(app_id, account.id));
        if publish && let Some(grant) = self.grant(app_id)? {
            let (user, version) = (account.id, self.next_version()?);
            let record = self.record_of(&grant, version, account.is_stopped());
            self.post(version, &Publication::Grant { app_id, user, record: record.clone() })?;
            return Committed::answer(&record);
        }
        let version = self.version()?;
        let record = match self.grant(app_id)? {
            Some(grant) => self.record_of(&grant, version, account.is_stopped()),
            None => GrantRecord::new(version, None),
        };
        Committed::answer(&record)
    }

    pub(super) fn find_grant(&self, app_id: AppId) -> Result<Committed, PortalError> {
        Committed::answer(&self.grant(app_id)?)
    }

    /// Notes what the user agreed to with OAuth 1.0a. Nothing is published:
    /// the App has to redeem it first.
    pub(super) fn note_consent(&self, call: &NoteConsent) -> Result<Committed, PortalError> {
        refuse_suspended(&self.account()?)?;
        let now = self.runtime.now().seconds();
        let before = self.grant(call.app.id)?;
        let mut grant = before.unwrap_or_else(|| StoredGrant::new(call.app.clone(), now));
        grant.app = call.app.clone();
        let expires_at = now.plus(REQUEST_TOKEN_SECONDS);
        let is_new =
            grant.note_consent(PendingConsent { serial: call.serial, level: call.level, expires_at, given: None }, now);
        self.save_grant(&grant)?;
        Committed::answer(&is_new)
    }

    pub(super) fn withdraw_consent(&self, app_id: AppId, serial: Serial) -> Result<Committed, PortalError> {
        if let Some(mut grant) = self.grant(app_id)? {
            grant.withdraw_consent(serial);
            self.save_grant(&grant)?;
        }
        Committed::answer(&Done {})
    }

    /// Redeems a consent: answers with the user's one Access Token for the
    /// App, and the username.
    pub(super) fn ensure_access_token(&self, call: &EnsureAccessToken) -> Result<Committed, PortalError> {
        let account = self.account()?;
        let (app_id, now) = (call.app.id, self.runtime.now().seconds());
        refuse_suspended(&account)?;
        let mut grant = self.existing_grant(app_id)?;
        let consent = grant.find_consent(call.consent, now).cloned().ok_or(PortalError::NotFound(Missing::Grant))?;
        let (own_app, kind) = (self.own_app(app_id)?, CredentialKind::AccessToken);
        let own = own_app.as_ref().and_then(|app| app.current_credential(kind)).filter(|own| own.works_at(now));
        if let Some(given) = consent.given {
            let tokens = own.into_iter().chain(&grant.access_token);
            let same = tokens.into_iter().find(|stored| stored.root.serial == given);
            return Committed::answer(&(same.ok_or(PortalError::NotFound(Missing::Grant))?, &account.username));
        }
        grant.app = call.app.clone();
        let mut new = call.credential.clone();
        new.permission = Some(consent.level);
        let until = now.plus(REPEAT_SECONDS);

        // The owner's token is one of the App's own credentials, where it may what was agreed to. It is regenerated
        // in the portal alone: software of theirs may be using it.
        if let Some(own) = own.filter(|own| own.permission == new.permission) {
            grant.redeem_consent(consent.serial, own.root.serial, until);
            self.save_grant(&grant)?;
            return Committed::answer(&(own, &account.username));
        }
        let has_no_token = own.is_none() && grant.access_token.is_none();
        if let Some(mut app) = own_app.filter(|_| has_no_token) {
            grant.redeem_consent(consent.serial, new.root.serial, until);
            self.save_grant(&grant)?;
            app.replace_credential(new, None, now)?;
            let answer = Committed::answer(&(app.current_credential(kind), &account.username))?;
            return Ok(answer.with_records(self.store_credentials(app, "generate_credential", kind)?.records));
        }
        let before = grant.access_token.clone();
        let token: StoredCredential = grant.ensure_access_token(new).clone();
        grant.redeem_consent(consent.serial, token.root.serial, until);
        let answer = Committed::answer(&(&token, &account.username))?;
        if before.as_ref() == Some(&token) {
            self.save_grant(&grant)?;
            return Ok(answer);
        }
        self.record("grant_app", &grant.app.name, None, false)?;
        self.store_grant(&grant, answer)
    }

    /// One of the account's own Apps, if it is one.
    fn own_app(&self, app_id: AppId) -> Result<Option<StoredApp>, PortalError> {
        match self.app(app_id) {
            Err(PortalError::NotFound(_)) => Ok(None),
            found => found.map(Some),
        }
    }

    pub(super) fn start_family(&self, call: &StartFamily) -> Result<Committed, PortalError> {
        refuse_suspended(&self.account()?)?;
        let now = self.runtime.now().seconds();
        let before = self.grant(call.app.id)?;
        let mut grant = before.unwrap_or_else(|| StoredGrant::new(call.app.clone(), now));
        grant.app = call.app.clone();
        grant.start_family(call.family.clone(), now);
        self.record("grant_app", &grant.app.name, None, false)?;
        self.store_grant(&grant, Committed::answer(&Done {})?)
    }

    /// Redeems a code (`presented` is 0) or a refresh token. A replayed one ends
    /// the whole authorization (RFC 9700 §4.14.2; RFC 6749 §4.1.2 for codes).
    pub(super) fn advance_family(
        &self,
        app_id: AppId,
        serial: Serial,
        presented: u32,
    ) -> Result<Committed, PortalError> {
        let mut grant = self.existing_grant(app_id)?;
        if refuse_suspended(&self.account()?).is_err() {
            return Committed::answer(&Advanced::Not(RedemptionError::Expired));
        }
        let now = self.runtime.now().seconds();
        let family = grant.family_mut(serial).ok_or(PortalError::NotFound(Missing::Grant))?;
        let advanced =
            if presented == 0 { family.redeem_code(now).map(|()| Step::Next) } else { family.refresh(presented, now) };
        match advanced {
            Ok(Step::Next) => {
                let answer = Committed::answer(&Advanced::To(family.clone()))?;
                // Nothing changed for the gate: what it knows of a family is there from its start.
                self.save_grant(&grant)?;
                if presented == 0 {
                    // From here on the App has a user.
                    let (user, version) = (self.account()?.id, self.next_version()?);
                    self.post(version, &Publication::Grantee { app_id, user, granted: grant.is_used() })?;
                }
                Ok(answer)
            }
            Ok(Step::Same) => Committed::answer(&Advanced::Again(family.clone())),
            Err(RedemptionError::Replayed) => {
                self.end_family(grant, serial, Committed::answer(&Advanced::Not(RedemptionError::Replayed))?)
            }
            Err(spent) => Committed::answer(&Advanced::Not(spent)),
        }
    }

    fn end_family(&self, mut grant: StoredGrant, serial: Serial, answer: Committed) -> Result<Committed, PortalError> {
        grant.families.retain(|family| family.serial() != serial);
        self.record("end_authorization", &grant.app.name, None, false)?;
        self.store_grant(&grant, answer)
    }

    pub(super) fn revoke_family(&self, app_id: AppId, serial: Serial) -> Result<Committed, PortalError> {
        let grant = self.existing_grant(app_id)?;
        self.end_family(grant, serial, Committed::answer(&Done {})?)
    }

    /// Revokes the Access Token of OAuth 1.0a, if it is still that one.
    pub(super) fn revoke_access_token(&self, app_id: AppId, serial: Serial) -> Result<Committed, PortalError> {
        let answer = Committed::answer(&Done {})?;
        let is_it =
            |stored: &StoredCredential| stored.kind == CredentialKind::AccessToken && stored.root.serial == serial;
        if self.own_app(app_id)?.is_some_and(|app| app.credentials.iter().any(is_it)) {
            let revoked = self.revoke_credential(app_id, CredentialKind::AccessToken, Which::One(serial))?;
            return Ok(answer.with_records(revoked.records));
        }
        let mut grant = self.existing_grant(app_id)?;
        let gone = grant.access_token.take_if(|stored| stored.root.serial == serial);
        gone.ok_or(PortalError::NotFound(Missing::Credential))?;
        self.store_grant(&grant, answer)
    }

    /// Ends all that the user lets the App do, and what it did not redeem yet.
    pub(super) fn revoke_connected_app(&self, app_id: AppId) -> Result<Committed, PortalError> {
        let grant = self.existing_grant(app_id)?;
        self.record("revoke_connected_app", &grant.app.name, None, false)?;
        self.revoke_grant(grant, Committed::answer(&Done {})?)
    }

    fn revoke_grant(&self, mut grant: StoredGrant, answer: Committed) -> Result<Committed, PortalError> {
        let was_published = !grant.has_no_tokens();
        grant.access_token = None;
        grant.families.clear();
        grant.pending.clear();
        if was_published {
            return self.store_grant(&grant, answer);
        }
        self.save_grant(&grant)?;
        Ok(answer)
    }

    /// Ends every consent that no App has redeemed yet; with `revoke_apps`
    /// also all that Apps have.
    pub(super) fn end_consents(&self, revoke_apps: bool, mut answer: Committed) -> Result<Committed, PortalError> {
        for mut grant in self.grants()? {
            if revoke_apps {
                answer = self.revoke_grant(grant, answer)?;
                continue;
            }
            let families = grant.families.len();
            grant.end_unredeemed();
            if grant.families.len() < families {
                answer = self.store_grant(&grant, answer)?;
            } else {
                self.save_grant(&grant)?;
            }
        }
        Ok(answer)
    }

    /// Ends what the user granted to an App that was deleted.
    pub(super) fn end_grant(&self, app_id: AppId) -> Result<Committed, PortalError> {
        let done = Committed::answer(&Done {})?;
        if self.grant(app_id)?.is_none() {
            return Ok(done);
        }
        let id = app_id.to_string();
        self.runtime.exec("DELETE FROM grant_given WHERE app_id = ?", &[id.as_str().into()])?;
        self.forget_uses(app_id)?;
        let (user, version) = (self.account()?.id, self.next_version()?);
        // Nothing to the App's object: that one asks for this.
        self.post(version, &Publication::Grant { app_id, user, record: GrantRecord::new(version, None) })?;
        Ok(done)
    }

    pub(super) fn list_connected_apps(&self, catalog: &Catalog) -> Result<Committed, PortalError> {
        let now = self.runtime.now().seconds();
        let mut apps = Vec::new();
        for grant in self.grants()? {
            let may = catalog.sentences(&grant.allowed(now));
            let pending = catalog.sentences(&grant.unredeemed(now));
            if may.is_empty() && pending.is_empty() {
                continue;
            }
            let last_used_on = self.last_uses(grant.app.id)?;
            let serials = grant.serials();
            apps.push(ConnectedApp {
                last_used_on: serials.into_iter().filter_map(last_used_on).max(),
                app: grant.app,
                may,
                pending,
                granted_at: grant.granted_at,
            });
        }
        apps.sort_by_key(|app| std::cmp::Reverse(app.granted_at));
        Committed::answer(&ConnectedAppList { apps })
    }

    pub(super) fn find_consent_app(&self, app_id: AppId) -> Result<Committed, PortalError> {
        let app = self.app(app_id)?;
        Committed::answer(&AskingApp { app: app.introduce(), omit_iss: app.settings.omit_iss })
    }
}

/// A suspended user gives nothing more to anybody.
fn refuse_suspended(account: &StoredAccount) -> Result<(), PortalError> {
    if account.is_stopped() { Err(PortalError::NotApproved(ApplicationState::Suspended)) } else { Ok(()) }
}
