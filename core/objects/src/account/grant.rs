//! What the account's user lets Apps do.

use super::Account;
use crate::ledger::{Act, Committed, Publication};
use gatehouse_domain::consent::Catalog;
use gatehouse_domain::credential::{StoredCredential, current_credential};
use gatehouse_domain::grant::{GrantRecord, PendingConsent, RedemptionError, Step, StoredGrant, grant_key};
use gatehouse_domain::message::account::{Advanced, EnsureAccessToken, NoteConsent, StartFamily};
use gatehouse_domain::oauth1::{REPEAT_SECONDS, REQUEST_TOKEN_SECONDS};
use gatehouse_domain::portal_error::{Missing, PortalError};
use gatehouse_domain::ports::{ObjectPorts, SqlError};
use gatehouse_shared::api::{ConnectedApp, ConnectedAppList, CredentialKind, Done};
use gatehouse_shared::credential::Serial;
use gatehouse_shared::model::AppId;

impl<R: ObjectPorts> Account<R> {
    pub(super) fn grants(&self) -> Result<Vec<StoredGrant>, SqlError> {
        self.ledger.list("SELECT doc FROM grant_given", &[])
    }

    pub(super) fn grant(&self, app_id: AppId) -> Result<Option<StoredGrant>, SqlError> {
        Ok(self.ledger.list("SELECT doc FROM grant_given WHERE app_id = ?", &[app_id.to_string().into()])?.pop())
    }

    fn existing_grant(&self, app_id: AppId) -> Result<StoredGrant, PortalError> {
        self.grant(app_id)?.ok_or(PortalError::NotFound(Missing::Grant))
    }

    pub(super) fn save_grant(&self, grant: &StoredGrant) -> Result<(), SqlError> {
        let id = grant.app.id.to_string();
        if grant.is_empty() {
            self.ledger.runtime.exec("DELETE FROM grant_given WHERE app_id = ?", &[id.into()])?;
        } else {
            let doc = serde_json::to_string(grant).map_err(|error| SqlError(format!("grant: {error}")))?;
            let statement = "INSERT OR REPLACE INTO grant_given(app_id, doc) VALUES (?, ?)";
            self.ledger.runtime.exec(statement, &[id.into(), doc.into()])?;
        }
        Ok(())
    }

    /// Saves a changed grant and posts it for the gate and for the App's count.
    pub(super) fn store_grant(&self, grant: &StoredGrant, answer: Committed) -> Result<Committed, PortalError> {
        let (before, kept) = (self.grant(grant.app.id)?, grant.serials());
        self.save_grant(grant)?;
        // The uses of tokens go with them.
        if before.is_some_and(|before| before.serials().iter().any(|serial| !kept.contains(serial))) {
            self.ledger.forget_uses(grant.app.id, &kept)?;
        }
        let account = self.account()?;
        let (app_id, user, version) = (grant.app.id, account.id, self.ledger.next_version()?);
        let record = record_of(grant, version);
        self.ledger.post(version, &Publication::Grant { app_id, user, record: record.clone() })?;
        self.ledger.post(version, &Publication::Grantee { app_id, user, granted: grant.granted() })?;
        Ok(answer.with_grant(app_id, user, record))
    }

    /// The serials of what the account lets an App have.
    pub(super) fn serials_in_use(&self, app_id: AppId) -> Result<Vec<Serial>, SqlError> {
        Ok(self.grant(app_id)?.map(|grant| grant.serials()).unwrap_or_default())
    }

    /// The record as it would be published now. Where KV has none, and should
    /// have, it is published again.
    pub(super) fn read_grant_record(&self, app_id: AppId, is_missing: bool) -> Result<Committed, PortalError> {
        let account = self.account()?;
        let publish = is_missing && self.ledger.may_publish_again(&grant_key(app_id, account.id));
        if publish && let Some(grant) = self.grant(app_id)? {
            let (user, version) = (account.id, self.ledger.next_version()?);
            let record = record_of(&grant, version);
            self.ledger.post(version, &Publication::Grant { app_id, user, record: record.clone() })?;
            return Committed::answer(&record);
        }
        let version = self.ledger.version()?;
        let record = match self.grant(app_id)? {
            Some(grant) => record_of(&grant, version),
            None => GrantRecord::new(version, None),
        };
        Committed::answer(&record)
    }

    /// Notes what the user agreed to with OAuth 1.0a. Nothing is published:
    /// the App has to redeem it first.
    pub(super) fn note_consent(&self, call: &NoteConsent) -> Result<Committed, PortalError> {
        self.account()?.require_active()?;
        let now = self.ledger.runtime.now().seconds();
        let before = self.grant(call.app.id)?;
        let mut grant = before.unwrap_or_else(|| StoredGrant::new(call.app.clone(), now));
        grant.app = call.app.clone();
        let expires_at = now.plus(REQUEST_TOKEN_SECONDS);
        let is_new =
            grant.note_consent(PendingConsent { serial: call.serial, level: call.level, expires_at, given: None }, now);
        self.save_grant(&grant)?;
        if is_new {
            self.ledger.audit(&of_grant("approve_consent", &grant).with_serials([call.serial]))?;
        }
        Committed::answer(&is_new)
    }

    pub(super) fn withdraw_consent(&self, app_id: AppId, serial: Serial) -> Result<Committed, PortalError> {
        if let Some(mut grant) = self.grant(app_id)? {
            grant.withdraw_consent(serial);
            self.save_grant(&grant)?;
            self.ledger.audit(&of_grant("withdraw_consent", &grant).with_serials([serial]))?;
        }
        Committed::answer(&Done {})
    }

    /// Redeems a consent: answers with the user's one Access Token for the
    /// App, and the username.
    pub(super) fn ensure_access_token(&self, call: &EnsureAccessToken) -> Result<Committed, PortalError> {
        let account = self.account()?;
        let (app_id, now) = (call.app.id, self.ledger.runtime.now().seconds());
        account.require_active()?;
        let mut grant = self.existing_grant(app_id)?;
        let consent = grant.find_consent(call.consent, now).cloned().ok_or(PortalError::NotFound(Missing::Grant))?;
        if let Some(given) = consent.given {
            let same = grant.access_tokens().find(|stored| stored.root.serial == given);
            return Committed::answer(&(same.ok_or(PortalError::NotFound(Missing::Grant))?, &account.username));
        }
        grant.app = call.app.clone();
        let mut new = call.credential.clone();
        new.permission = Some(consent.level);
        let until = now.plus(REPEAT_SECONDS);

        // A member's own token does, where it works and may what was agreed to. It is regenerated in the portal alone:
        // software of theirs may be using it.
        let own = grant.own.as_ref().filter(|own| own.transfers == call.transfers);
        let own = own.and_then(|own| current_credential(&own.tokens, CredentialKind::AccessToken));
        let is_enough = |own: &&StoredCredential| own.works_at(now) && own.permission == new.permission;
        if let Some(own) = own.filter(is_enough).cloned() {
            grant.redeem_consent(consent.serial, own.root.serial, until);
            self.save_grant(&grant)?;
            return Committed::answer(&(own, &account.username));
        }
        let before = grant.access_token.clone();
        let token: StoredCredential = grant.ensure_access_token(new).clone();
        grant.redeem_consent(consent.serial, token.root.serial, until);
        let answer = Committed::answer(&(&token, &account.username))?;
        if before.as_ref() == Some(&token) {
            self.save_grant(&grant)?;
            return Ok(answer);
        }
        let replaced = before.map(|before| before.root.serial);
        let serials = [consent.serial, token.root.serial].into_iter().chain(replaced);
        self.ledger.record(of_grant("grant_app", &grant).with_serials(serials))?;
        self.store_grant(&grant, answer)
    }

    pub(super) fn start_family(&self, call: &StartFamily) -> Result<Committed, PortalError> {
        self.account()?.require_active()?;
        let now = self.ledger.runtime.now().seconds();
        let before = self.grant(call.app.id)?;
        let mut grant = before.unwrap_or_else(|| StoredGrant::new(call.app.clone(), now));
        grant.app = call.app.clone();
        let before = grant.serials();
        grant.start_family(call.family.clone(), now);
        let left = grant.serials();
        let dropped = before.into_iter().filter(|serial| !left.contains(serial));
        let serials = dropped.chain([call.family.serial()]);
        self.ledger.record(of_grant("grant_app", &grant).with_serials(serials))?;
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
        if self.account()?.is_suspended() {
            return Committed::answer(&Advanced::Not(RedemptionError::Expired));
        }
        let now = self.ledger.runtime.now().seconds();
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
                    let (user, version) = (self.account()?.id, self.ledger.next_version()?);
                    self.ledger.post(version, &Publication::Grantee { app_id, user, granted: grant.granted() })?;
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
        self.ledger.record(of_grant("end_authorization", &grant).with_serials([serial]))?;
        self.store_grant(&grant, answer)
    }

    pub(super) fn revoke_family(&self, app_id: AppId, serial: Serial) -> Result<Committed, PortalError> {
        let grant = self.existing_grant(app_id)?;
        self.end_family(grant, serial, Committed::answer(&Done {})?)
    }

    /// Revokes one of the Access Tokens of OAuth 1.0a.
    pub(super) fn revoke_access_token(&self, app_id: AppId, serial: Serial) -> Result<Committed, PortalError> {
        let mut grant = self.existing_grant(app_id)?;
        let is_own = grant.own_tokens().iter().any(|stored| stored.root.serial == serial);
        if !grant.revoke_access_token(serial) {
            return Err(PortalError::NotFound(Missing::Credential));
        }
        if is_own {
            self.record_own_token(&grant, "revoke_credential")?;
        } else {
            self.ledger.audit(&of_grant("revoke_credential", &grant).with_serials([serial]))?;
        }
        self.store_grant(&grant, Committed::answer(&Done {})?)
    }

    /// Ends all that the user lets the App do, and what it did not redeem yet.
    pub(super) fn revoke_connected_app(&self, app_id: AppId) -> Result<Committed, PortalError> {
        let grant = self.existing_grant(app_id)?;
        self.ledger.record(ended_grant("revoke_connected_app", &grant))?;
        self.revoke_grant(grant, Committed::answer(&Done {})?)
    }

    fn revoke_grant(&self, mut grant: StoredGrant, answer: Committed) -> Result<Committed, PortalError> {
        let was_published = !grant.has_no_tokens();
        grant.access_token = None;
        grant.own = None;
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
        self.ledger.runtime.exec("DELETE FROM grant_given WHERE app_id = ?", &[id.as_str().into()])?;
        self.ledger.forget_uses(app_id, &[])?;
        let (user, version) = (self.account()?.id, self.ledger.next_version()?);
        // Nothing to the App's object: that one asks for this.
        self.ledger.post(version, &Publication::Grant { app_id, user, record: GrantRecord::new(version, None) })?;
        Ok(done)
    }

    pub(super) fn list_connected_apps(&self, catalog: &Catalog) -> Result<Committed, PortalError> {
        let now = self.ledger.runtime.now().seconds();
        let mut apps = Vec::new();
        for grant in self.grants()? {
            let may = catalog.sentences(&grant.allowed(now));
            let pending = catalog.sentences(&grant.unredeemed(now));
            if may.is_empty() && pending.is_empty() {
                continue;
            }
            let last_used_on = self.ledger.last_uses(grant.app.id)?;
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
}

/// What was done to a grant.
pub(super) fn of_grant(operation: &'static str, grant: &StoredGrant) -> Act {
    Act::new(operation, &grant.app.name).of_app(grant.app.id, None)
}

/// The end of all that a grant gave.
pub(super) fn ended_grant(operation: &'static str, grant: &StoredGrant) -> Act {
    of_grant(operation, grant).with_serials(grant.serials())
}

/// What KV has of a grant.
pub(super) fn record_of(grant: &StoredGrant, version: u64) -> GrantRecord {
    let live = (!grant.has_no_tokens()).then(|| grant.live());
    GrantRecord::new(version, live)
}
