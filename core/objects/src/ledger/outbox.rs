//! What the rest of the deployment must hear of, kept until it has.

use super::Ledger;
use gatehouse_domain::account::UniqueName;
use gatehouse_domain::app::{AppRecord, app_key};
use gatehouse_domain::audit::{NewAuditEntry, RequestSource};
use gatehouse_domain::grant::{GrantRecord, Granted, grant_key};
use gatehouse_domain::message::account::{AccountCall, AccountRequest, Membership, PutInvitation, PutMembership};
use gatehouse_domain::message::account_index::{AccountEntry, AccountIndexCall, DeveloperAccountEntry};
use gatehouse_domain::message::app_traffic::AppTrafficCall;
use gatehouse_domain::message::audit_log::{Appended, AuditMonthCall, AuditMonthRequest};
use gatehouse_domain::message::developer_account::{
    AnswerTransfer, DeveloperAccountCall, DeveloperAccountRequest, Parcel, PutTransfer,
};
use gatehouse_domain::message::name_registry::{Action, Answer, Owner};
use gatehouse_domain::message::outcome::Outcome;
use gatehouse_domain::message::project_quota::ProjectQuotaCall;
use gatehouse_domain::ports::{ObjectName, ObjectPorts, PortError, SqlError, ask};
use gatehouse_shared::api::{Done, ReceivedInvitation, ReceivedTransfer};
use gatehouse_shared::model::{AccountId, AppId, DeveloperAccountId, MonthNumber, ProjectId};
use serde::{Deserialize, Serialize};

/// How long a deleted App's record tells that it was deleted, in seconds:
/// longer than KV serves anything stale. Then the absence tells.
pub const TOMBSTONE_SECONDS: u64 = 24 * 3600;

/// When the alarm tries first, in seconds after a change.
pub(super) const FIRST_RETRY_SECONDS: u64 = 2;

/// One thing to publish. A newer one for the same target replaces an older.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Publication {
    /// To KV, for the gate.
    App { app_id: AppId, record: AppRecord },
    /// The same of what a user lets an App do.
    Grant { app_id: AppId, user: AccountId, record: GrantRecord },
    /// To the App's object: whose it is, or that it was deleted.
    Owner { app_id: AppId, owner: DeveloperAccountId, deleted: bool },
    /// To the Project's object: whose it is.
    ProjectOwner { project_id: ProjectId, owner: DeveloperAccountId },
    /// To the Project's object: it was deleted.
    EndProject { project_id: ProjectId },
    /// To the App's object, which counts its users.
    Grantee { app_id: AppId, user: AccountId, granted: Granted },
    /// To the name's registry: whether it is in use.
    Name { name: UniqueName, owner: Owner, used: bool },
    /// To the account index.
    Account(AccountEntry),
    /// The same of a developer account.
    DeveloperAccount(DeveloperAccountEntry),
    /// To a member's Account: how they belong to the developer account, or that they do no more.
    Member { account: AccountId, developer: DeveloperAccountId, membership: Option<Membership>, source: RequestSource },
    /// To the Account that was invited: the invitation, or that it is over.
    Invitation { account: AccountId, developer: DeveloperAccountId, invitation: Option<ReceivedInvitation> },
    /// To a developer account: what is offered to it, or that the offer is over.
    Offer { id: String, receiver: DeveloperAccountId, offer: Option<ReceivedTransfer> },
    /// To the developer account that offered something: whether it is accepted.
    AnswerOffer { giver: DeveloperAccountId, answer: AnswerTransfer, source: RequestSource },
    /// To the developer account that accepted: what was offered.
    Parcel { receiver: DeveloperAccountId, parcel: Box<Parcel>, source: RequestSource },
    /// To a member's Account: an App was given away, and with it go the member's own Access Tokens.
    EndOwnTokens { account: AccountId, app_id: AppId, transfers: u32, source: RequestSource },
    /// To the audit log of the month.
    Audit(Box<NewAuditEntry>),
}

impl Publication {
    fn target(&self) -> String {
        match self {
            Self::App { app_id, .. } => app_key(*app_id),
            Self::Grant { app_id, user, .. } => grant_key(*app_id, *user),
            Self::Owner { app_id, .. } => format!("owner/{app_id}"),
            Self::ProjectOwner { project_id, .. } | Self::EndProject { project_id } => format!("project/{project_id}"),
            Self::Grantee { app_id, .. } => format!("grantee/{app_id}"),
            Self::Name { name, .. } => format!("name/{name}"),
            Self::Account(_) | Self::DeveloperAccount(_) => "account-index".to_owned(),
            Self::Member { account, .. } => format!("member/{account}"),
            Self::Invitation { account, .. } => format!("invitation/{account}"),
            Self::Offer { id, .. } => format!("offer/{id}"),
            Self::AnswerOffer { answer, .. } => format!("answer/{}", answer.id),
            Self::Parcel { parcel, .. } => format!("parcel/{}", parcel.id),
            Self::EndOwnTokens { account, app_id, .. } => format!("own/{app_id}/{account}"),
            // Each has a target of its own: none replaces another.
            Self::Audit(entry) => format!("audit/{}", entry.facts.id),
        }
    }
}

impl<R: ObjectPorts> Ledger<R> {
    /// Draws the version of the change that is being committed.
    pub fn next_version(&self) -> Result<u64, SqlError> {
        self.runtime.exec(
            "INSERT INTO counter(name, value) VALUES ('version', 1) ON CONFLICT DO UPDATE SET value = value + 1",
            &[],
        )?;
        self.version()
    }

    /// The version of the newest change.
    pub fn version(&self) -> Result<u64, SqlError> {
        let rows = self.runtime.exec("SELECT value FROM counter WHERE name = 'version'", &[])?;
        rows.first().map_or(Ok(0), |row| row.number(0))
    }

    /// Goes on from another ledger's version where that one is ahead: what comes from there was said with it.
    pub fn raise_version(&self, version: u64) -> Result<(), SqlError> {
        self.runtime.exec(
            "INSERT INTO counter(name, value) VALUES ('version', ?1) ON CONFLICT DO UPDATE SET value = max(value, ?1)",
            &[version.into()],
        )?;
        Ok(())
    }

    /// Puts a publication into the outbox and sets the alarm that will see to
    /// it, all in the caller's transaction.
    pub fn post(&self, version: u64, publication: &Publication) -> Result<(), SqlError> {
        let doc = serde_json::to_string(publication).map_err(|error| SqlError(format!("outbox: {error}")))?;
        let now = self.runtime.now();
        // One that takes the place of another has waited since that one was posted.
        self.runtime.exec(
            "INSERT INTO outbox(target, version, since, doc) VALUES (?, ?, ?, ?) \
             ON CONFLICT(target) DO UPDATE SET version = excluded.version, doc = excluded.doc",
            &[publication.target().into(), version.into(), now.seconds().0.into(), doc.into()],
        )?;
        self.posted.borrow_mut().push(publication.target());
        self.runtime.set_alarm(Some(now.plus_seconds(FIRST_RETRY_SECONDS)))
    }

    async fn put(&self, key: &str, record: &impl Serialize, is_tombstone: bool) -> Result<(), PortError> {
        let value = serde_json::to_string(record).map_err(|error| PortError(format!("record: {error}")))?;
        self.runtime.put(key, &value, is_tombstone.then_some(TOMBSTONE_SECONDS)).await
    }

    pub(super) async fn deliver(&self, version: u64, publication: &Publication) -> Result<(), PortError> {
        match publication {
            Publication::App { app_id, record } => self.put(&app_key(*app_id), record, record.app.is_none()).await,
            Publication::Grant { app_id, user, record } => {
                self.put(&grant_key(*app_id, *user), record, record.grant.is_none()).await
            }
            Publication::Owner { app_id, owner, deleted } => {
                let (app_id, owner, deleted) = (*app_id, *owner, *deleted);
                let call = AppTrafficCall::PutOwner { app_id, owner, version, deleted };
                ask(&self.runtime, &ObjectName::AppTraffic(app_id), &call).await
            }
            Publication::ProjectOwner { project_id, owner } => {
                let call = ProjectQuotaCall::PutOwner { owner: *owner, version };
                ask(&self.runtime, &ObjectName::ProjectQuota(*project_id), &call).await
            }
            Publication::EndProject { project_id } => {
                ask(&self.runtime, &ObjectName::ProjectQuota(*project_id), &ProjectQuotaCall::EndProject).await
            }
            Publication::Grantee { app_id, user, granted } => {
                let call = AppTrafficCall::PutGrantee { user: *user, version, granted: *granted };
                ask(&self.runtime, &ObjectName::AppTraffic(*app_id), &call).await
            }
            Publication::Name { name, owner, used } => {
                let owner = *owner;
                let action =
                    if *used { Action::Confirm { owner, version } } else { Action::Release { owner, version } };
                match self.ask_registry(name, action).await? {
                    // Cannot happen while claims are kept; if it does, it must not pass unseen.
                    Answer::Taken => Err(PortError(format!("{name} is in use here and belongs to somebody else"))),
                    _ => Ok(()),
                }
            }
            Publication::Account(entry) => {
                let call = AccountIndexCall::PutAccount { entry: entry.clone(), version };
                ask(&self.runtime, &ObjectName::AccountIndex, &call).await
            }
            Publication::DeveloperAccount(entry) => {
                let call = AccountIndexCall::PutDeveloperAccount { entry: entry.clone(), version };
                ask(&self.runtime, &ObjectName::AccountIndex, &call).await
            }
            Publication::Member { account, developer, membership, source } => {
                let (developer, membership) = (*developer, membership.clone());
                let call = AccountCall::PutMembership(PutMembership { developer, membership, version });
                self.tell_account(*account, call, source.clone()).await
            }
            Publication::Invitation { account, developer, invitation } => {
                let (developer, invitation) = (*developer, invitation.clone());
                let call = AccountCall::PutInvitation(PutInvitation { developer, invitation, version });
                self.tell_account(*account, call, RequestSource::default()).await
            }
            Publication::EndOwnTokens { account, app_id, transfers, source } => {
                let call = AccountCall::EndOwnTokens { app_id: *app_id, transfers: *transfers };
                self.tell_account(*account, call, source.clone()).await
            }
            Publication::Offer { id, receiver, offer } => {
                let call = PutTransfer { id: id.clone(), offer: offer.clone(), version };
                let call = DeveloperAccountCall::PutTransfer(call);
                self.tell_developer(*receiver, call, RequestSource::default()).await
            }
            Publication::AnswerOffer { giver, answer, source } => {
                let call = DeveloperAccountCall::AnswerTransfer(answer.clone());
                self.tell_developer(*giver, call, source.clone()).await
            }
            Publication::Parcel { receiver, parcel, source } => {
                let call = DeveloperAccountCall::TakeParcel(parcel.clone());
                self.tell_developer(*receiver, call, source.clone()).await
            }
            Publication::Audit(entry) => self.append_audit(entry).await,
        }
    }

    /// Appends an entry to the log of the month in which it was written, or, if
    /// that is over, to that of a later one. Tried again, it finds its place: a
    /// month that once refused it always does.
    async fn append_audit(&self, entry: &NewAuditEntry) -> Result<(), PortError> {
        let (first, now) = (MonthNumber::of(entry.facts.at), MonthNumber::of(self.runtime.now().seconds()));
        for month in (first.0..=now.0.max(first.0)).map(MonthNumber) {
            let call = AuditMonthCall::Append(Box::new(entry.clone()));
            let request = AuditMonthRequest { month, call };
            match ask(&self.runtime, &ObjectName::AuditMonth(month), &request).await? {
                Appended::Here => return Ok(()),
                Appended::Over => {}
            }
        }
        Err(PortError(format!("audit/{now}: over, by another clock")))
    }

    async fn tell_developer(
        &self,
        developer: DeveloperAccountId,
        call: DeveloperAccountCall,
        source: RequestSource,
    ) -> Result<(), PortError> {
        let request = DeveloperAccountRequest { source, ..DeveloperAccountRequest::internal(developer, call) };
        let outcome: Outcome<Done> = ask(&self.runtime, &ObjectName::DeveloperAccount(developer), &request).await?;
        outcome.result.map(|_| ()).map_err(|refusal| PortError(format!("developer-account/{developer}: {refusal:?}")))
    }

    async fn tell_account(
        &self,
        account: AccountId,
        call: AccountCall,
        source: RequestSource,
    ) -> Result<(), PortError> {
        let request = AccountRequest { source, ..AccountRequest::internal(account, call) };
        let outcome: Outcome<Done> = ask(&self.runtime, &ObjectName::Account(account), &request).await?;
        outcome.result.map(|_| ()).map_err(|refusal| PortError(format!("account/{account}: {refusal:?}")))
    }
}
