//! The developer application, and what operators see and decide.

use super::app::of_app;
use super::{DeveloperAccount, StoredDeveloperAccount, StoredMember};
use crate::ledger::{Act, Committed, write};
use gatehouse_domain::app::AppRecord;
use gatehouse_domain::application;
use gatehouse_domain::message::developer_account::{Caller, SetAppStatus, SubmitApplication};
use gatehouse_domain::portal_error::{Missing, PortalError};
use gatehouse_domain::ports::ObjectPorts;
use gatehouse_shared::api::{AppView, DecideApplicationRequest, DeveloperAccountRecord};
use gatehouse_shared::model::{AppId, ApplicationEvent, ApplicationState, DeveloperAccountId, MemberRole, PlanLimits};

impl<R: ObjectPorts> DeveloperAccount<R> {
    /// Takes an application. The first one makes the developer account, with
    /// the applicant as its Owner.
    pub(super) fn submit_application(
        &self,
        id: DeveloperAccountId,
        caller: &Caller,
        call: &SubmitApplication,
    ) -> Result<Committed, PortalError> {
        let Caller::Account(applicant) = caller else { return Err(PortalError::NotFound(Missing::Account)) };
        let now = self.ledger.runtime.now().seconds();
        let before = self.load_developer()?;
        let state = before.as_ref().map_or(ApplicationState::None, |developer| developer.application_state);
        let (submitted, events) = application::submit_application(state, &call.request, call.mode, now)?;
        let developer = match before {
            Some(developer) => StoredDeveloperAccount {
                previous: Some(developer.application.clone()),
                application: submitted,
                ..developer
            },
            None => {
                self.save_member(&StoredMember {
                    account: applicant.account,
                    username: applicant.username.clone(),
                    role: MemberRole::Owner,
                    since: now,
                })?;
                StoredDeveloperAccount {
                    id,
                    applicant: applicant.username.clone(),
                    application_state: ApplicationState::None,
                    state_since: now,
                    application: submitted,
                    previous: None,
                    created_at: now,
                }
            }
        };
        let (from, to) = (developer.application_state, events.last().map_or(state, |event| event.state));
        self.ledger.record(Act::new("submit_application", "").with_change("state", from.as_str(), to.as_str()))?;
        self.move_application(developer, &events)
    }

    pub(super) fn decide_application(&self, call: &DecideApplicationRequest) -> Result<Committed, PortalError> {
        let developer = self.developer()?;
        let now = self.ledger.runtime.now().seconds();
        let event = application::decide_application(developer.application_state, call, now)?;
        let act = Act::new("decide_application", event.state.as_str())
            .with_change("state", developer.application_state.as_str(), event.state.as_str())
            .with_change("reason", "", &event.reason);
        self.ledger.record(act)?;
        self.move_application(developer, &[event])
    }

    /// Records the events; the last one's state is the developer account's
    /// from here on. Suspension reaches the gate through its Apps.
    fn move_application(
        &self,
        mut developer: StoredDeveloperAccount,
        events: &[ApplicationEvent],
    ) -> Result<Committed, PortalError> {
        let was_stopped = developer.is_stopped();
        for event in events {
            self.ledger.runtime.exec("INSERT INTO application_event(doc) VALUES (?)", &[write(event)?])?;
            developer.application_state = event.state;
            developer.state_since = event.at;
        }
        self.save_developer(&developer)?;
        let version = self.ledger.next_version()?;
        self.post_developer(version, &developer)?;
        let answer = Committed::answer(&self.view_application()?)?;
        if was_stopped == developer.is_stopped() {
            return Ok(answer);
        }
        Ok(answer.with_records(self.post_apps(version, &developer)?))
    }

    fn post_apps(
        &self,
        version: u64,
        developer: &StoredDeveloperAccount,
    ) -> Result<Vec<(AppId, AppRecord)>, PortalError> {
        self.apps()?.iter().map(|app| self.post_app(version, developer, app)).collect()
    }

    /// Everything that an operator sees of the developer account.
    pub(super) fn find_record(&self, limits: &PlanLimits) -> Result<Committed, PortalError> {
        let developer = self.developer()?;
        let stored = self.apps()?;
        let projects = self.projects()?;
        Committed::answer(&DeveloperAccountRecord {
            id: developer.id,
            name: developer.name().to_owned(),
            application: self.view_application()?,
            members: self.members()?.iter().map(StoredMember::view).collect(),
            projects: self.view_projects(&developer, &projects, &stored, limits)?,
            previous_application: developer.previous.clone(),
            notes: self.ledger.notes()?,
            apps: stored.iter().map(|app| self.view_app(app)).collect::<Result<Vec<AppView>, PortalError>>()?,
        })
    }

    pub(super) fn set_app_status(&self, call: &SetAppStatus) -> Result<Committed, PortalError> {
        let mut app = self.app(call.app_id)?;
        let act = of_app("update_app_status", &app)
            .with_change("status", app.status.as_str(), call.request.status.as_str())
            .with_change("reason", &app.status_reason, &call.request.reason);
        app.status = call.request.status;
        app.status_reason = call.request.reason.clone();
        self.ledger.record(act)?;
        self.store_app(app)
    }
}
