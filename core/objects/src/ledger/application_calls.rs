//! The developer application, and what the operator sees and decides.

use super::view::view_project;
use super::{Committed, Ledger, StoredAccount};
use gatehouse_domain::app::AppRecord;
use gatehouse_domain::application;
use gatehouse_domain::message::ledger::{SetAppStatus, SubmitApplication};
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::ObjectPorts;
use gatehouse_shared::api::{AccountRecord, AppView, DecideApplicationRequest, SetAccountStatusRequest};
use gatehouse_shared::model::{AccountStatus, AppId, ApplicationEvent, PlanLimits, Role};

impl<R: ObjectPorts> Ledger<R> {
    pub(super) fn find_application(&self) -> Result<Committed, PortalError> {
        Committed::answer(&self.view_application()?)
    }

    pub(super) fn submit_application(&self, call: &SubmitApplication) -> Result<Committed, PortalError> {
        let mut account = self.account()?;
        let now = self.runtime.now().seconds();
        let (submitted, events) =
            application::submit_application(account.application_state, &call.request, call.mode, now)?;
        account.application = Some(submitted);
        self.save_account(&account)?;
        self.record("submit_application", "", None, false)?;
        let committed = self.move_application(&events)?;
        Ok(committed)
    }

    pub(super) fn decide_application(&self, call: &DecideApplicationRequest) -> Result<Committed, PortalError> {
        let account = self.account()?;
        let event = application::decide_application(account.application_state, call, self.runtime.now().seconds())?;
        self.record("decide_application", event.state.as_str(), None, true)?;
        self.move_application(&[event])
    }

    /// Records the events; the last one's state is the account's from here on.
    /// Suspension reaches the gate through the account's Apps and grants.
    fn move_application(&self, events: &[ApplicationEvent]) -> Result<Committed, PortalError> {
        let mut account = self.account()?;
        let was_stopped = account.is_stopped();
        for event in events {
            self.append_event(event)?;
            account.application_state = event.state;
            account.state_since = event.at;
        }
        self.save_account(&account)?;
        let version = self.next_version()?;
        self.post_account(version, &account)?;
        let answer = Committed::answer(&self.view_application()?)?;
        if was_stopped == account.is_stopped() {
            return Ok(answer);
        }
        let answer = answer.with_records(self.post_apps(version, &account)?);
        self.repost_grants(answer)
    }

    fn post_apps(&self, version: u64, account: &StoredAccount) -> Result<Vec<(AppId, AppRecord)>, PortalError> {
        self.apps()?.iter().map(|app| self.post_app(version, account, app)).collect()
    }

    /// Suspends the account from whatever state, or lets it go on. Suspension
    /// ends what is running: sessions and consents do not come back.
    pub(super) fn set_account_status(&self, call: &SetAccountStatusRequest) -> Result<Committed, PortalError> {
        let mut account = self.account()?;
        if account.role == Role::Operator {
            return Err(PortalError::OperatorStays);
        }
        account.status = call.status;
        account.status_reason = call.reason.clone();
        self.save_account(&account)?;
        self.record("update_account_status", call.status.as_str(), None, true)?;
        let version = self.next_version()?;
        self.post_account(version, &account)?;
        let answer = Committed::answer(&account.view())?.with_records(self.post_apps(version, &account)?);
        match call.status {
            AccountStatus::Active => self.repost_grants(answer),
            AccountStatus::Suspended => {
                self.runtime.exec("DELETE FROM session", &[])?;
                self.end_consents(true, answer)
            }
        }
    }

    pub(super) fn find_account_record(&self, limits: &PlanLimits) -> Result<Committed, PortalError> {
        let account = self.account()?;
        let stored = self.apps()?;
        let projects = self.projects()?.iter().map(|project| view_project(project, &stored, limits)).collect();
        let apps = stored.iter().map(|app| self.view_app(app)).collect::<Result<Vec<AppView>, PortalError>>()?;
        let application = self.view_application()?;
        Committed::answer(&AccountRecord { account: account.view(), application, projects, apps })
    }

    pub(super) fn set_app_status(&self, call: &SetAppStatus, by_operator: bool) -> Result<Committed, PortalError> {
        let mut app = self.app(call.app_id)?;
        app.status = call.request.status;
        app.status_reason = call.request.reason.clone();
        self.record("update_app_status", &app.settings.name, Some(app.id), by_operator)?;
        self.store_app(app)
    }
}
