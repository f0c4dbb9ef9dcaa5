//! The Ledger: one object per account, the only writer of all that is its.
//!
//! A call is authorised, claims the names it needs, commits its change and the
//! change's publications in one transaction, publishes, and then answers.
//! What could not be published stays in the outbox for the alarm.

mod account_calls;
mod app_calls;
mod application_calls;
mod call;
mod outbox;
mod project_calls;
mod schema;
mod store;
mod view;

pub use call::{
    Caller, ChangePassword, CreateAccount, CreateApp, CreateProject, HoldsName, LedgerCall, LedgerRequest, Login,
    NewApp, NewSession, Outcome, ReplaceCredential, SetAppStatus, SubmitApplication,
};
pub use outbox::{Publication, TOMBSTONE_SECONDS, app_key};
pub use store::StoredAccount;

use crate::account::UniqueName;
use crate::app::AppRecord;
use crate::application::require_approval;
use crate::directory::{Action, Answer, COMMIT_WITHIN, DirectoryCall, Owner};
use crate::ports::{Clock, Kv, ObjectName, Objects, PortError, Sql, SqlError, ask, in_transaction};
use crate::refusal::{Missing, Refusal};
use call::Need;
use futures_util::lock::Mutex;
use gatehouse_shared::api::SessionInfo;
use gatehouse_shared::model::{AppId, Role};
use serde::Serialize;
use serde_json::value::RawValue;
use std::cell::Cell;

/// What a call commits: its answer, and the App records it changed.
pub(crate) struct Committed {
    answer: Box<RawValue>,
    records: Vec<(AppId, AppRecord)>,
}

impl Committed {
    /// The answer of a call that publishes no App record.
    fn answer(value: &impl Serialize) -> Result<Self, Refusal> {
        Ok(Self { answer: serde_json::value::to_raw_value(value)?, records: Vec::new() })
    }

    fn with_records(mut self, records: Vec<(AppId, AppRecord)>) -> Self {
        self.records = records;
        self
    }
}

/// The object behind one account.
pub struct Ledger<R> {
    runtime: R,
    /// One publisher at a time, so that versions of one key leave in order.
    publishing: Mutex<()>,
    /// Whether there is no account here yet, and so no table either.
    blank: Cell<bool>,
}

impl<R: Sql + Kv + Objects + Clock> Ledger<R> {
    /// Opens the account's database. Its tables come with the account: asking
    /// for one that does not exist leaves nothing behind.
    pub fn new(runtime: R) -> Result<Self, SqlError> {
        let blank = schema::is_blank(&runtime)?;
        if !blank {
            schema::migrate(&runtime)?;
        }
        Ok(Self { runtime, publishing: Mutex::new(()), blank: Cell::new(blank) })
    }

    /// Answers one message.
    pub async fn call(&self, message: &str) -> Result<String, PortError> {
        let request: LedgerRequest =
            serde_json::from_str(message).map_err(|error| PortError(format!("ledger: {error}")))?;
        let outcome = match self.run(&request).await {
            Ok(committed) => Outcome { result: Ok(committed.answer), records: committed.records },
            Err(refusal) => Outcome { result: Err(refusal), records: Vec::new() },
        };
        serde_json::to_string(&outcome).map_err(|error| PortError(format!("ledger: {error}")))
    }

    /// Publishes what is still in the outbox.
    pub async fn alarm(&self) -> Result<(), PortError> {
        if !self.blank.get() && self.publish().await.is_err() {
            self.retry_later()?;
        }
        Ok(())
    }

    async fn run(&self, request: &LedgerRequest) -> Result<Committed, Refusal> {
        if self.blank.get() && !matches!(request.call, LedgerCall::CreateAccount(_)) {
            return answer_for_nobody(&request.call);
        }
        let started = self.runtime.now();
        self.authorize(request)?;
        let claims = self.names_needed(request)?;
        let mut claimed = Vec::new();
        for (name, owner, refusal) in claims {
            match self.directory(&name, Action::Claim(owner.clone())).await {
                Ok(Answer::Claimed) => claimed.push((name, owner)),
                Ok(_) => {
                    self.withdraw(&claimed).await;
                    return Err(refusal);
                }
                Err(error) => {
                    self.withdraw(&claimed).await;
                    return Err(error.into());
                }
            }
        }
        // Later than this the Directory may have given the name away.
        let in_time = self.runtime.now() <= started.plus_seconds(COMMIT_WITHIN);
        let committed = if in_time {
            if self.blank.get() {
                schema::migrate(&self.runtime)?;
                self.blank.set(false);
            }
            in_transaction(&self.runtime, || {
                // Other calls may have run while the names were being claimed.
                self.authorize(request)?;
                self.commit(request)
            })
        } else {
            Err(Refusal::Unavailable("the names were claimed too slowly".into()))
        };
        if committed.is_err() {
            self.withdraw(&claimed).await;
            return committed;
        }
        // A failure leaves the change acknowledged and the rest to the alarm,
        // which the commit has set.
        let _ = self.publish().await;
        committed
    }

    async fn directory(&self, name: &UniqueName, action: Action) -> Result<Answer, PortError> {
        let object = ObjectName::Directory(name.as_str().to_owned());
        ask(&self.runtime, &object, &DirectoryCall { name: name.clone(), action }).await
    }

    /// Gives claims back. Best effort: a claim runs out by itself.
    async fn withdraw(&self, claimed: &[(UniqueName, Owner)]) {
        for (name, owner) in claimed {
            let _ = self.directory(name, Action::Withdraw(owner.clone())).await;
        }
    }

    /// Whether the caller may make this call at all.
    fn authorize(&self, request: &LedgerRequest) -> Result<(), Refusal> {
        let need = request.call.need();
        let hash = match (&request.caller, need) {
            (Caller::Internal, _) | (Caller::Operator, Need::Operator) | (_, Need::Nothing) => return Ok(()),
            (Caller::Operator, _) | (Caller::Session(_), Need::Operator | Need::Internal) => {
                return Err(Refusal::NotOperator);
            }
            (Caller::Session(hash), _) => hash,
        };
        let account = self.session_account(hash)?.ok_or(Refusal::NotSignedIn)?;
        match need {
            Need::Approved => require_approval(account.application_state),
            Need::OperatorSession if account.role != Role::Operator => Err(Refusal::NotOperator),
            _ => Ok(()),
        }
    }

    /// Runs the call inside the transaction.
    fn commit(&self, request: &LedgerRequest) -> Result<Committed, Refusal> {
        let by_operator = matches!(request.caller, Caller::Operator);
        match &request.call {
            LedgerCall::CreateAccount(call) => self.create_account(request.account, call),
            LedgerCall::ReadLogin => self.read_login(),
            LedgerCall::OpenSession(session) => self.open_session(session),
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
            LedgerCall::FindProject { project_id } => self.find_project(*project_id),
            LedgerCall::UpdateProject { project_id, request } => self.update_project(*project_id, request),
            LedgerCall::DeleteProject { project_id, confirm_name } => self.delete_project(*project_id, confirm_name),
            LedgerCall::CreateApp(call) => self.create_app(call),
            LedgerCall::FindApp { app_id } => self.find_app(*app_id),
            LedgerCall::UpdateApp { app_id, request } => self.update_app(*app_id, request),
            LedgerCall::DeleteApp { app_id, confirm_name } => self.delete_app(*app_id, confirm_name),
            LedgerCall::AttachApp { app_id, request, limits } => self.attach_app(*app_id, request, limits),
            LedgerCall::DetachApp { app_id } => self.detach_app(*app_id),
            LedgerCall::ReplaceCredential(call) => self.replace_credential(call),
            LedgerCall::FindAccountRecord => self.find_account_record(),
            LedgerCall::SetAppStatus(call) => self.set_app_status(call, by_operator),
            LedgerCall::HoldsName(call) => self.holds_name(call),
        }
    }
}

/// What a Ledger without an account says.
fn answer_for_nobody(call: &LedgerCall) -> Result<Committed, Refusal> {
    match (call, call.need()) {
        (LedgerCall::HoldsName(_), _) => Committed::answer(&false),
        (_, Need::Nothing) => Committed::answer(&SessionInfo { account: None }),
        (_, Need::Internal | Need::Operator) => Err(Refusal::NotFound(Missing::Account)),
        (_, Need::Session | Need::Approved | Need::OperatorSession) => Err(Refusal::NotSignedIn),
    }
}
