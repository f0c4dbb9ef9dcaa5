//! The account's storage as a whole: copied, restored, published again, and told to whoever compares KV with it.

use super::grant::record_of;
use super::schema::STEPS;
use super::{Account, StoredAccount};
use crate::ledger::{Act, Committed, Ends, Publication, last_change};
use crate::storage::{Stored, Tables};
use gatehouse_domain::grant::{StoredGrant, grant_key};
use gatehouse_domain::message::name_registry::Owner;
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::{ObjectName, ObjectPorts, Sql, SqlError};
use gatehouse_shared::api::{EndedLater, Published};
use gatehouse_shared::model::{AccountId, AccountStatus, DeveloperAccountId, OperatorRole};

impl<R: ObjectPorts> Stored for Account<R> {
    fn sql(&self) -> &dyn Sql {
        &self.ledger.runtime
    }

    // People sign in again, and are invited again: what was ended or used after the copy must not come back.
    fn tables(&self) -> &'static Tables {
        &Tables { steps: STEPS, left_out: &["session", "storage_token", "invitation"], long: &[] }
    }

    fn complete(&self, ended: &[EndedLater]) -> Result<(), SqlError> {
        let mut account = self.load_account()?.ok_or_else(|| SqlError("the copy has no account".to_owned()))?;
        let place = ObjectName::Account(account.id);
        self.ledger.complete_restore(place, ended, |version, own, all| {
            apply(&mut account, own);
            self.save_account(&account)?;
            let left: Vec<DeveloperAccountId> = left_members(account.id, all).collect();
            for developer in &left {
                let id = developer.to_string();
                self.ledger.runtime.exec("DELETE FROM membership WHERE developer = ?", &[id.into()])?;
            }
            let ends = Ends::of(own);
            for mut grant in self.grants()? {
                end_in_grant(&mut grant, &ends, &left);
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

/// Takes over a suspension that came after the copy, and the role that an operator was given or lost.
fn apply(account: &mut StoredAccount, ended: &[EndedLater]) {
    if last_change(ended, "update_account_status").is_some_and(|to| to != Some(AccountStatus::Active.as_str())) {
        account.status = AccountStatus::Suspended;
    }
    if let Some(to) = last_change(ended, "update_operator") {
        let role = OperatorRole::ALL.into_iter().find(|role| Some(role.as_str()) == to);
        account.operator = account.operator.and(role);
    }
}

fn end_in_grant(grant: &mut StoredGrant, ends: &Ends, left: &[DeveloperAccountId]) {
    grant.end_unredeemed();
    if let Some(token) = grant.access_token.take() {
        let mut kept = vec![token];
        ends.apply(&mut kept);
        grant.access_token = kept.pop();
    }
    if let Some(own) = &mut grant.own {
        ends.apply(&mut own.tokens);
    }
    // Whoever is no member any more has no tokens of their own.
    grant.own.take_if(|own| own.tokens.is_empty() || left.contains(&own.developer));
    grant.families.retain(|family| !ends.has_ended(family.serial()));
}

/// The developer accounts that say that they removed the account, or that it left.
fn left_members(account: AccountId, ended: &[EndedLater]) -> impl Iterator<Item = DeveloperAccountId> {
    let removed = ended
        .iter()
        .filter(move |entry| entry.facts.operation == "delete_member" && entry.facts.account_id == Some(account));
    removed.filter_map(|entry| entry.facts.developer_account_id)
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
