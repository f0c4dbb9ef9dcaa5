//! The account's storage as a whole: copied, restored, published again, and told to whoever compares KV with it.

use super::grant::record_of;
use super::schema::STEPS;
use super::{Account, StoredAccount};
use crate::ledger::{Act, Committed, Publication, ended_serials, last_change};
use crate::storage::{Stored, Tables};
use gatehouse_domain::grant::{StoredGrant, grant_key};
use gatehouse_domain::message::name_registry::Owner;
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::{ObjectName, ObjectPorts, SqlError};
use gatehouse_shared::api::{EndedLater, Published};
use gatehouse_shared::credential::Serial;
use gatehouse_shared::model::{AccountStatus, OperatorRole};

impl<R: ObjectPorts> Stored for Account<R> {
    type Ports = R;
    // People sign in again: a session that was ended after the copy must not come back.
    const TABLES: Tables = Tables { steps: STEPS, left_out: &["session", "storage_token"], long: &[] };

    fn ports(&self) -> &R {
        &self.ledger.runtime
    }

    fn complete(&self, ended: &[EndedLater]) -> Result<(), SqlError> {
        let mut account = self.load_account()?.ok_or_else(|| SqlError("the copy has no account".to_owned()))?;
        let place = ObjectName::Account(account.id);
        self.ledger.complete_restore(place, ended, |version, ended| {
            apply(&mut account, ended);
            self.save_account(&account)?;
            let serials = ended_serials(ended);
            for mut grant in self.grants()? {
                grant.end_unredeemed();
                end_serials(&mut grant, &serials);
                if account.is_suspended() {
                    grant = StoredGrant::new(grant.app.clone(), grant.granted_at);
                }
                self.save_grant(&grant)?;
                self.post_grant(version, &account, &grant)?;
            }
            self.post_all(version, &account)
        })
    }

    fn opened(&self) {
        self.ledger.opened();
    }
}

/// Takes over a suspension, and the loss of a role as an operator, that came after the copy.
fn apply(account: &mut StoredAccount, ended: &[EndedLater]) {
    if last_change(ended, "update_account_status").is_some_and(|to| to != Some(AccountStatus::Active.as_str())) {
        account.status = AccountStatus::Suspended;
    }
    if let Some(to) = last_change(ended, "update_operator") {
        let role = OperatorRole::ALL.into_iter().find(|role| Some(role.as_str()) == to);
        account.operator = account.operator.and(role);
    }
}

fn end_serials(grant: &mut StoredGrant, serials: &[String]) {
    let is_ended = |serial: Serial| serials.contains(&serial.value().to_string());
    for serial in grant.serials().into_iter().filter(|serial| is_ended(*serial)) {
        grant.revoke_access_token(serial);
    }
    grant.families.retain(|family| !is_ended(family.serial()));
}

impl<R: ObjectPorts> Account<R> {
    fn post_grant(&self, version: u64, account: &StoredAccount, grant: &StoredGrant) -> Result<(), SqlError> {
        let (app_id, user) = (grant.app.id, account.id);
        let record = record_of(grant, version);
        self.ledger.post(version, &Publication::Grant { app_id, user, record })?;
        self.ledger.post(version, &Publication::Grantee { app_id, user, granted: grant.granted() })
    }

    /// Posts the account itself: its names, and its row in the account index.
    fn post_all(&self, version: u64, account: &StoredAccount) -> Result<(), SqlError> {
        for name in account.names() {
            self.ledger.post(version, &Publication::Name { name, owner: Owner::Account(account.id), used: true })?;
        }
        self.post_account(version, account)
    }

    /// Publishes all that the deployment must know of the account once more.
    pub(super) fn publish_again(&self) -> Result<Committed, PortalError> {
        let (account, grants) = (self.account()?, self.grants()?);
        let version = self.ledger.next_version()?;
        for grant in &grants {
            self.post_grant(version, &account, grant)?;
        }
        self.post_all(version, &account)?;
        self.ledger.audit(&Act::new("publish_again", ""))?;
        Committed::answer(&Published { records: grants.len() as u64 })
    }

    /// Every record that KV should have, by its key, and which of them are on their way.
    pub(super) fn read_records(&self) -> Result<Committed, PortalError> {
        let (account, version) = (self.account()?, self.ledger.version()?);
        let grants = self.grants()?;
        let key = |grant: &StoredGrant| grant_key(grant.app.id, account.id);
        let records: Vec<_> = grants.iter().map(|grant| (key(grant), record_of(grant, version))).collect();
        Committed::answer(&(records, self.ledger.targets_waiting()?))
    }
}
