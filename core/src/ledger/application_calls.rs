//! The developer application, and what the operator sees and decides.

use super::call::{SetAppStatus, SubmitApplication};
use super::view::view_project;
use super::{Committed, Ledger};
use crate::application;
use crate::ports::ObjectPorts;
use crate::refusal::Refusal;
use gatehouse_shared::api::{AccountRecord, AppView, DecideApplicationRequest, PlanLimits};
use gatehouse_shared::model::{ApplicationEvent, ApplicationState};

impl<R: ObjectPorts> Ledger<R> {
    pub(super) fn find_application(&self) -> Result<Committed, Refusal> {
        Committed::answer(&self.view_application()?)
    }

    pub(super) fn submit_application(&self, call: &SubmitApplication) -> Result<Committed, Refusal> {
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

    pub(super) fn decide_application(&self, call: &DecideApplicationRequest) -> Result<Committed, Refusal> {
        let account = self.account()?;
        let event = application::decide_application(account.application_state, call, self.runtime.now().seconds())?;
        self.record("decide_application", event.state.as_str(), None, true)?;
        self.move_application(&[event])
    }

    /// Records the events; the last one's state is the account's from here on.
    /// Suspension reaches the gate through the account's Apps and grants.
    fn move_application(&self, events: &[ApplicationEvent]) -> Result<Committed, Refusal> {
        let mut account = self.account()?;
        let before = account.application_state;
        for event in events {
            self.append_event(event)?;
            account.application_state = event.state;
            account.state_since = event.at;
        }
        self.save_account(&account)?;
        let version = self.next_version()?;
        self.post_account(version, &account)?;
        let was_suspended = before == ApplicationState::Suspended;
        let is_suspended = account.application_state == ApplicationState::Suspended;
        let mut records = Vec::new();
        if was_suspended != is_suspended {
            for app in self.apps()? {
                records.push(self.post_app(version, &account, &app)?);
            }
        }
        let answer = Committed::answer(&self.view_application()?)?.with_records(records);
        if was_suspended == is_suspended { Ok(answer) } else { self.repost_grants(answer) }
    }

    pub(super) fn find_account_record(&self, limits: &PlanLimits) -> Result<Committed, Refusal> {
        let account = self.account()?;
        let stored = self.apps()?;
        let projects = self.projects()?.iter().map(|project| view_project(project, &stored, limits)).collect();
        let apps = stored.iter().map(|app| self.view_app(app)).collect::<Result<Vec<AppView>, Refusal>>()?;
        let application = self.view_application()?;
        Committed::answer(&AccountRecord { account: account.view(), application, projects, apps })
    }

    pub(super) fn set_app_status(&self, call: &SetAppStatus, by_operator: bool) -> Result<Committed, Refusal> {
        let mut app = self.app(call.app_id)?;
        app.status = call.request.status;
        app.status_reason = call.request.reason.clone();
        self.record("update_app_status", &app.settings.name, Some(app.id), by_operator)?;
        self.store_app(app)
    }
}
