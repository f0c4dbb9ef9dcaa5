//! The Ledger: one object per account, the only writer of all that is its.
//!
//! A call is authorised, claims the names it needs, commits its change and the
//! change's publications in one transaction, publishes, and then answers.
//! What could not be published stays in the outbox for the alarm.

mod account_calls;
mod activity;
mod app_calls;
mod application_calls;
mod credential_calls;
mod grant_calls;
mod lifetime;
mod outbox;
mod project_calls;
mod publish;
mod schema;
mod store;
mod view;
mod writes;

pub use outbox::{Publication, TOMBSTONE_SECONDS};
pub use store::StoredAccount;

use account_calls::Claim;
use futures_util::lock::Mutex;
use gatehouse_domain::account::UniqueName;
use gatehouse_domain::app::AppRecord;
use gatehouse_domain::application::require_approval;
use gatehouse_domain::format::decode;
use gatehouse_domain::grant::GrantRecord;
use gatehouse_domain::message::ledger::{Caller, LedgerCall, LedgerRequest, Need, Outcome};
use gatehouse_domain::message::name_registry::{Action, Answer, COMMIT_WITHIN, NameRegistryCall, Owner};
use gatehouse_domain::portal_error::{Missing, PortalError};
use gatehouse_domain::ports::{
    Event, ObjectName, ObjectPorts, PortError, SqlError, ask, in_transaction, log_error, migrate, open,
};
use gatehouse_shared::api::SessionInfo;
use gatehouse_shared::model::{AccountId, AppId, Role, UnixMillis};
use publish::Deliveries;
use schema::STEPS;
use serde::Serialize;
use serde_json::value::RawValue;
use std::cell::{Cell, RefCell};
use writes::Writes;

/// What a call commits: its answer, and the App records it changed.
pub(crate) struct Committed {
    answer: Box<RawValue>,
    records: Vec<(AppId, AppRecord)>,
    grants: Vec<(AppId, AccountId, GrantRecord)>,
}

impl Committed {
    /// The answer of a call that publishes no App record.
    fn answer(value: &impl Serialize) -> Result<Self, PortalError> {
        Ok(Self { answer: serde_json::value::to_raw_value(value)?, records: Vec::new(), grants: Vec::new() })
    }

    fn with_records(mut self, records: Vec<(AppId, AppRecord)>) -> Self {
        self.records = records;
        self
    }

    fn with_grant(mut self, app_id: AppId, user: AccountId, record: GrantRecord) -> Self {
        self.grants.push((app_id, user, record));
        self
    }
}

/// The object behind one account.
pub struct Ledger<R> {
    runtime: R,
    /// What this instance is delivering from its outbox, and did lately.
    deliveries: Deliveries,
    /// One call at a time takes names, from its claims to its commit: a claim
    /// that one gives back may be the very one that another has committed.
    naming: Mutex<()>,
    /// The targets that were put into the outbox since this was last taken.
    posted: RefCell<Vec<String>>,
    /// Whether there is no account here yet, and so no table either.
    blank: Cell<bool>,
    writes: RefCell<Writes>,
    /// For when this instance has set the alarm, until it comes.
    alarm_at: Cell<Option<UnixMillis>>,
}

impl<R: ObjectPorts> Ledger<R> {
    /// Opens the account's database. Its tables come with the account: asking
    /// for one that does not exist leaves nothing behind.
    pub fn new(runtime: R) -> Result<Self, SqlError> {
        let blank = !open(&runtime, STEPS)?;
        let ledger = Self {
            runtime,
            deliveries: Deliveries::default(),
            naming: Mutex::new(()),
            posted: RefCell::default(),
            blank: Cell::new(blank),
            writes: RefCell::default(),
            alarm_at: Cell::new(None),
        };
        if !blank {
            ledger.find_what_was_left()?;
        }
        Ok(ledger)
    }

    /// Answers one message.
    pub async fn call(&self, message: &str) -> Result<String, PortError> {
        let request: LedgerRequest = decode("ledger", message).map_err(PortError)?;
        let outcome = match self.run(&request).await {
            Ok(committed) => {
                Outcome { result: Ok(committed.answer), records: committed.records, grants: committed.grants }
            }
            Err(refusal) => Outcome { result: Err(refusal), records: Vec::new(), grants: Vec::new() },
        };
        serde_json::to_string(&outcome).map_err(|error| PortError(format!("ledger: {error}")))
    }

    /// Publishes what is still in the outbox.
    pub async fn alarm(&self) -> Result<(), PortError> {
        if self.blank.get() {
            return Ok(());
        }
        let port_error = |error: SqlError| PortError(error.to_string());
        self.alarm_at.set(None);
        let ended = self.end_what_is_over();
        // All that waits is published below.
        self.posted.take();
        let targets = self.targets_waiting().map_err(port_error)?;
        let published = self.publish(&targets).await;
        if let Err(error) = &published {
            log_error(&self.runtime, Event::PublicationFailed, "", &error.0);
        }
        self.wake_for_the_rest(published.is_err()).map_err(port_error)?;
        ended
    }

    async fn run(&self, request: &LedgerRequest) -> Result<Committed, PortalError> {
        if self.blank.get() && !matches!(request.call, LedgerCall::CreateAccount(_)) {
            return answer_for_nobody(&request.call);
        }
        self.authorize(request)?;
        self.admit_write(&request.caller, &request.call)?;
        let committed = if self.names_needed(request)?.is_empty() {
            in_transaction(&self.runtime, || self.commit(request))
        } else {
            let _turn = self.naming.lock().await;
            self.commit_with_names(request).await
        }?;
        let posted = self.posted.take();
        if posted.is_empty() {
            // What is published sets the alarm anyway.
            if matches!(request.call, LedgerCall::OpenSession { .. } | LedgerCall::NoteConsent(_)) {
                self.wake_for_ends()?;
            }
        } else {
            // What is committed stays acknowledged, and what does not get out now is the alarm's.
            let published = self.publish(&posted).await;
            let woken = self.wake_for_the_rest(false).map_err(|error| PortError(error.to_string()));
            if let Err(error) = published.and(woken) {
                log_error(&self.runtime, Event::PublicationFailed, "", &error.0);
            }
        }
        Ok(committed)
    }

    /// Claims the names that the call needs, then commits it.
    async fn commit_with_names(&self, request: &LedgerRequest) -> Result<Committed, PortalError> {
        let started = self.runtime.now();
        let names = self.names_needed(request)?;
        // Tells a claim from an earlier one of the same name, and whether it came before a change or after it.
        let number = if self.blank.get() { 0 } else { self.next_version()? };
        let mut claimed = Vec::new();
        let refused = self.claim(names, number, &mut claimed).await;
        let committed = match refused {
            Err(refusal) => Err(refusal),
            // Later than this the name registry may have given the name away.
            Ok(()) if self.runtime.now() > started.plus_seconds(COMMIT_WITHIN) => {
                Err(PortalError::Unavailable("the names were claimed too slowly".into()))
            }
            Ok(()) => {
                let opened = self.open_account();
                opened.map_err(PortalError::from).and_then(|()| {
                    in_transaction(&self.runtime, || {
                        // Other calls may have run while the names were being claimed.
                        self.authorize(request)?;
                        self.commit(request)
                    })
                })
            }
        };
        if committed.is_err() {
            self.withdraw(&claimed, number).await;
        }
        committed
    }

    /// Makes the tables, where this is to be the first change.
    fn open_account(&self) -> Result<(), SqlError> {
        if self.blank.get() {
            migrate(&self.runtime, STEPS)?;
            self.blank.set(false);
        }
        Ok(())
    }

    /// Claims names one by one; `claimed` has those to give back if the change
    /// is refused. After one is refused, the others are only looked up: how
    /// many calls it takes, there and back, must not tell which of them is
    /// taken, and a claim that comes to nothing could refuse somebody else, who
    /// has the first one.
    async fn claim(
        &self,
        names: Vec<Claim>,
        number: u64,
        claimed: &mut Vec<(UniqueName, Owner)>,
    ) -> Result<(), PortalError> {
        let mut outcome = Ok(());
        for Claim { name, owner, refusal, is_reserved } in names {
            // Before the answer: a claim whose answer is lost may have been made.
            claimed.push((name.clone(), owner.clone()));
            let action =
                if is_reserved || outcome.is_err() { Action::Find } else { Action::Claim { owner, claim: number } };
            if self.ask_registry(&name, action).await? != Answer::Claimed {
                outcome = outcome.and(Err(refusal));
            }
        }
        outcome
    }

    async fn ask_registry(&self, name: &UniqueName, action: Action) -> Result<Answer, PortError> {
        let object = ObjectName::NameRegistry(name.object().to_owned());
        ask(&self.runtime, &object, &NameRegistryCall { name: name.clone(), action }).await
    }

    /// Gives claims back, but for names that are in use here by now. Best
    /// effort: a claim runs out by itself.
    async fn withdraw(&self, claimed: &[(UniqueName, Owner)], number: u64) {
        for (name, owner) in claimed {
            if !matches!(self.holds(name, owner), Ok(false)) {
                continue;
            }
            let _ = self.ask_registry(name, Action::Withdraw { owner: owner.clone(), claim: number }).await;
        }
    }

    /// Whether the caller may make this call at all.
    fn authorize(&self, request: &LedgerRequest) -> Result<(), PortalError> {
        let need = request.call.need();
        let hash = match (&request.caller, need) {
            (Caller::Internal, _) | (Caller::Operator, Need::Operator) | (_, Need::Nothing) => return Ok(()),
            (Caller::Operator, _) | (Caller::Session(_), Need::Operator | Need::Internal) => {
                return Err(PortalError::NotOperator);
            }
            (Caller::Session(hash), _) => hash,
        };
        let account = self.session_account(hash)?.ok_or(PortalError::NotSignedIn)?;
        match need {
            Need::Approved => require_approval(account.application_state),
            Need::OperatorSession if account.role != Role::Operator => Err(PortalError::NotOperator),
            _ => Ok(()),
        }
    }

    /// Runs the call inside the transaction.
    fn commit(&self, request: &LedgerRequest) -> Result<Committed, PortalError> {
        let by_operator = matches!(request.caller, Caller::Operator);
        match &request.call {
            LedgerCall::CreateAccount(call) => self.create_account(request.account, call),
            LedgerCall::ReadLogin => self.read_login(),
            LedgerCall::OpenSession { session, checked_hash } => self.open_session(session, checked_hash.as_deref()),
            LedgerCall::FindSession => self.find_session(&request.caller),
            LedgerCall::RequireSession | LedgerCall::RequireApproval | LedgerCall::RequireOperator => {
                Committed::answer(&())
            }
            LedgerCall::CloseSession => self.close_session(&request.caller),
            LedgerCall::ListSessions => self.list_sessions(&request.caller),
            LedgerCall::RevokeSession { id } => self.revoke_session(id),
            LedgerCall::ChangePassword(call) => self.change_password(&request.caller, call),
            LedgerCall::ListActivity { app_id } => self.list_activity(*app_id),
            LedgerCall::FindApplication => self.find_application(),
            LedgerCall::SubmitApplication(call) => self.submit_application(call),
            LedgerCall::DecideApplication(call) => self.decide_application(call),
            LedgerCall::FindDashboard { limits } => self.find_dashboard(*limits),
            LedgerCall::CreateProject(call) => self.create_project(call),
            LedgerCall::FindProject { project_id, limits } => self.find_project(*project_id, limits),
            LedgerCall::UpdateProject { project_id, request, limits } => {
                self.update_project(*project_id, request, limits)
            }
            LedgerCall::DeleteProject { project_id, confirm_name } => self.delete_project(*project_id, confirm_name),
            LedgerCall::CreateApp(call) => self.create_app(call),
            LedgerCall::FindApp { app_id } => self.find_app(*app_id),
            LedgerCall::UpdateApp { app_id, request, client_id } => {
                self.update_app(*app_id, request, client_id.as_deref())
            }
            LedgerCall::DeleteApp { app_id, confirm_name } => self.delete_app(*app_id, confirm_name),
            LedgerCall::AttachApp { app_id, request, limits } => self.attach_app(*app_id, request, limits),
            LedgerCall::DetachApp { app_id } => self.detach_app(*app_id),
            LedgerCall::ReplaceCredential(call) => self.replace_credential(call),
            LedgerCall::UpdateCredential { app_id, kind, expires_at } => {
                self.update_credential(*app_id, *kind, *expires_at)
            }
            LedgerCall::RevokeCredential { app_id, kind, which } => self.revoke_credential(*app_id, *kind, *which),
            LedgerCall::EnsureBearerToken(call) => self.ensure_bearer_token(call),
            LedgerCall::RecordUses(uses) => self.record_uses(uses),
            LedgerCall::ReadProfile => self.read_profile(),
            LedgerCall::ReadRoots => self.read_roots(),
            LedgerCall::PutRoots(roots) => self.put_roots(roots),
            LedgerCall::FindConsentApp { app_id } => self.find_consent_app(*app_id),
            LedgerCall::FindGrant { app_id } => self.find_grant(*app_id),
            LedgerCall::ReadGrantRecord { app_id, is_missing } => self.read_grant_record(*app_id, *is_missing),
            LedgerCall::ReadAppRecord { app_id, is_missing } => self.read_app_record(*app_id, *is_missing),
            LedgerCall::NoteConsent(call) => self.note_consent(call),
            LedgerCall::WithdrawConsent { app_id, serial } => self.withdraw_consent(*app_id, *serial),
            LedgerCall::EndGrant { app_id } => self.end_grant(*app_id),
            LedgerCall::EnsureAccessToken(call) => self.ensure_access_token(call),
            LedgerCall::StartFamily(call) => self.start_family(call),
            LedgerCall::AdvanceFamily { app_id, serial, presented } => {
                self.advance_family(*app_id, *serial, *presented)
            }
            LedgerCall::RevokeFamily { app_id, serial } => self.revoke_family(*app_id, *serial),
            LedgerCall::RevokeAccessToken { app_id, serial } => self.revoke_access_token(*app_id, *serial),
            LedgerCall::RevokeConnectedApp { app_id } => self.revoke_connected_app(*app_id),
            LedgerCall::ListConnectedApps { catalog } => self.list_connected_apps(catalog),
            LedgerCall::FindAccountRecord { limits } => self.find_account_record(limits),
            LedgerCall::SetAccountStatus(call) => self.set_account_status(call),
            LedgerCall::SetAppStatus(call) => self.set_app_status(call, by_operator),
            LedgerCall::HoldsName(call) => self.holds_name(call),
        }
    }
}

/// What a Ledger without an account says.
fn answer_for_nobody(call: &LedgerCall) -> Result<Committed, PortalError> {
    match (call, call.need()) {
        (LedgerCall::HoldsName(_), _) => Committed::answer(&false),
        (_, Need::Nothing) => Committed::answer(&SessionInfo { account: None }),
        (_, Need::Internal | Need::Operator) => Err(PortalError::NotFound(Missing::Account)),
        (_, Need::Session | Need::Approved | Need::OperatorSession) => Err(PortalError::NotSignedIn),
    }
}
