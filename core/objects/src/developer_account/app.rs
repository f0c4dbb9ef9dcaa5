//! Apps.

use super::view::apps_in;
use super::{DeveloperAccount, StoredDeveloperAccount};
use crate::ledger::{Act, Committed, Publication};
use gatehouse_domain::account::UniqueName;
use gatehouse_domain::app::{
    AppRecord, Membership, StoredApp, app_key, confirm_name, may_create_app, may_join_project,
};
use gatehouse_domain::message::developer_account::{AskingApp, CreateApp};
use gatehouse_domain::message::name_registry::Owner;
use gatehouse_domain::portal_error::{Changed, PortalError};
use gatehouse_domain::ports::{ObjectPorts, SqlError};
use gatehouse_shared::api::{AttachAppRequest, Done, TransferSubject, UpdateAppRequest};
use gatehouse_shared::model::{AccountId, AppId, AppStatus, PlanLimits};
use gatehouse_shared::problem::FieldError;

impl<R: ObjectPorts> DeveloperAccount<R> {
    /// Posts the App's record for the gate.
    pub(super) fn post_app(
        &self,
        version: u64,
        developer: &StoredDeveloperAccount,
        app: &StoredApp,
    ) -> Result<(AppId, AppRecord), PortalError> {
        let record = record_of(version, developer, app);
        self.ledger.post(version, &Publication::App { app_id: app.id, record: record.clone() })?;
        Ok((app.id, record))
    }

    /// The record as it would be published now. Where KV has none, and should
    /// have, it is published again.
    pub(super) fn read_app_record(&self, app_id: AppId, is_missing: bool) -> Result<Committed, PortalError> {
        let developer = self.developer()?;
        let app = self.app(app_id)?;
        if is_missing && self.ledger.may_publish_again(&app_key(app_id)) {
            return Committed::answer(&self.post_app(self.ledger.next_version()?, &developer, &app)?.1);
        }
        Committed::answer(&record_of(self.ledger.version()?, &developer, &app))
    }

    /// Tells the gate and the App's object that the App was deleted.
    pub(super) fn post_deleted_app(
        &self,
        version: u64,
        developer: &StoredDeveloperAccount,
        app_id: AppId,
    ) -> Result<(AppId, AppRecord), SqlError> {
        self.ledger.post(version, &Publication::Owner { app_id, owner: developer.id, deleted: true })?;
        let record = AppRecord::new(version, developer.id, None);
        self.ledger.post(version, &Publication::App { app_id, record: record.clone() })?;
        Ok((app_id, record))
    }

    /// Tells the name registries that an App's name is used, or no longer; not of
    /// what `other`, which it has instead, has as well.
    fn post_names(
        &self,
        version: u64,
        developer: &StoredDeveloperAccount,
        app: &StoredApp,
        used: bool,
        other: Option<&StoredApp>,
    ) -> Result<(), PortalError> {
        let owner = Owner::App { developer: developer.id, app: app.id };
        let shared = other.map(|app| UniqueName::of_app(&app.settings.name));
        for name in UniqueName::of_app(&app.settings.name) {
            if !shared.as_ref().is_some_and(|shared| shared.contains(&name)) {
                self.ledger.post(version, &Publication::Name { name, owner, used })?;
            }
        }
        Ok(())
    }

    /// Saves a new App with its publications.
    pub(super) fn insert_app(
        &self,
        developer: &StoredDeveloperAccount,
        app: &StoredApp,
    ) -> Result<(AppId, AppRecord), PortalError> {
        self.save_app(app)?;
        let serials = app.credentials.iter().map(|stored| stored.root.serial);
        self.ledger.record(of_app("create_app", app).with_serials(serials))?;
        self.publish_new_app(self.ledger.next_version()?, developer, app)
    }

    /// Posts all that must be known of an App that is new here.
    pub(super) fn publish_new_app(
        &self,
        version: u64,
        developer: &StoredDeveloperAccount,
        app: &StoredApp,
    ) -> Result<(AppId, AppRecord), PortalError> {
        self.post_names(version, developer, app, true, None)?;
        self.ledger.post(version, &Publication::Owner { app_id: app.id, owner: developer.id, deleted: false })?;
        self.post_app(version, developer, app)
    }

    /// Saves a changed App, publishes it and answers with it.
    pub(super) fn store_app(&self, app: StoredApp) -> Result<Committed, PortalError> {
        let developer = self.developer()?;
        self.save_app(&app)?;
        let version = self.ledger.next_version()?;
        let record = self.post_app(version, &developer, &app)?;
        Ok(Committed::answer(&self.view_app(&app)?)?.with_records(vec![record]))
    }

    pub(super) fn create_app(&self, call: &CreateApp) -> Result<Committed, PortalError> {
        let developer = self.developer()?;
        let apps = self.apps()?;
        may_create_app(apps.len() + self.coming()?.0, &call.limits)?;
        let project = match call.request.project_id {
            Some(project_id) => {
                self.project(project_id).map_err(PortalError::not_followed)?;
                may_join_project(apps_in(&apps, project_id).count(), &call.limits)?;
                Some(Membership { project_id, environment: call.request.environment.unwrap_or_default() })
            }
            None => None,
        };
        let app = StoredApp {
            id: call.new.id,
            version: 1,
            settings: call.request.settings(),
            status: AppStatus::Active,
            status_reason: String::new(),
            project,
            created_at: self.ledger.runtime.now().seconds(),
            client_id: None,
            credentials: call.new.credentials.clone(),
            transfers: 0,
        };
        let record = self.insert_app(&developer, &app)?;
        Ok(Committed::answer(&self.view_app(&app)?)?.with_records(vec![record]))
    }

    /// The App as a user is shown it who is asked for consent.
    pub(super) fn find_consent_app(&self, app_id: AppId, user: Option<AccountId>) -> Result<Committed, PortalError> {
        let app = self.app(app_id)?;
        let is_member = user.map_or(Ok(false), |user| self.member(user).map(|member| member.is_some()))?;
        let (introduced, omit_iss) = (app.introduce(self.developer()?.name()), app.settings.omit_iss);
        Committed::answer(&AskingApp { app: introduced, omit_iss, is_member })
    }

    pub(super) fn update_app(
        &self,
        id: AppId,
        request: &UpdateAppRequest,
        client_id: Option<&str>,
    ) -> Result<Committed, PortalError> {
        let mut app = self.app(id)?;
        Changed::App.refuse_unless_current(request.version, app.version)?;
        let developer = self.developer()?;
        let before = app.clone();
        app.settings = request.applied_to(&before.settings);
        if app.client_id.is_none() && app.settings.client_type.is_some() {
            app.client_id = client_id.map(str::to_owned);
        }
        match (request.environment, &mut app.project) {
            (Some(environment), Some(membership)) => membership.environment = environment,
            (Some(_), None) => {
                let message = "Only an App in a Project has an environment. Attach the App to a Project first.";
                return Err(PortalError::Invalid(vec![FieldError::new("environment", "project-only", message)]));
            }
            (None, _) => {}
        }
        if app == before {
            return Committed::answer(&self.view_app(&app)?);
        }
        if app.settings.name != before.settings.name {
            refuse_stopped(&before)?;
        }
        app.version += 1;
        let version = self.ledger.next_version()?;
        self.post_names(version, &developer, &before, false, Some(&app))?;
        self.post_names(version, &developer, &app, true, Some(&before))?;
        self.save_app(&app)?;
        let sign_in = |app: &StoredApp| (app.settings.sign_in, app.settings.client_type, app.settings.omit_iss);
        let what = if app.settings.permission != before.settings.permission {
            "update_permission"
        } else if sign_in(&app) != sign_in(&before) {
            "update_sign_in"
        } else {
            "update_app"
        };
        let environment = |app: &StoredApp| app.project.map_or("", |membership| membership.environment.as_str());
        let act = of_app(what, &app).with_changes(&before.settings, &app.settings);
        self.ledger.record(act.with_change("environment", environment(&before), environment(&app)))?;
        let record = self.post_app(version, &developer, &app)?;
        Ok(Committed::answer(&self.view_app(&app)?)?.with_records(vec![record]))
    }

    pub(super) fn delete_app(&self, id: AppId, typed: &str) -> Result<Committed, PortalError> {
        let app = self.app(id)?;
        let developer = self.developer()?;
        refuse_stopped(&app)?;
        confirm_name(typed, &app.settings.name)?;
        self.ledger.runtime.exec("DELETE FROM app WHERE id = ?", &[id.to_string().into()])?;
        self.ledger.runtime.exec("DELETE FROM credential_use WHERE app_id = ?", &[id.to_string().into()])?;
        self.end_offer_of(TransferSubject::App(id))?;
        let serials = app.credentials.iter().map(|stored| stored.root.serial);
        self.ledger.record(of_app("delete_app", &app).with_serials(serials))?;
        let version = self.ledger.next_version()?;
        self.post_names(version, &developer, &app, false, None)?;
        let record = self.post_deleted_app(version, &developer, id)?;
        Ok(Committed::answer(&Done {})?.with_records(vec![record]))
    }

    pub(super) fn attach_app(
        &self,
        id: AppId,
        request: &AttachAppRequest,
        limits: &PlanLimits,
    ) -> Result<Committed, PortalError> {
        let mut app = self.app(id)?;
        let project = self.project(request.project_id).map_err(PortalError::not_followed)?;
        let others = apps_in(&self.apps()?, project.id).filter(|other| other.id != id).count();
        may_join_project(others, limits)?;
        let before = self.project_name(&app)?;
        app.project = Some(Membership { project_id: project.id, environment: request.environment });
        app.version += 1;
        let act = Act {
            subject: format!("{} to {}", app.settings.name, project.settings.name),
            ..of_app("attach_app", &app)
        };
        self.ledger.record(act.with_change("project", &before, &project.settings.name))?;
        self.store_app(app)
    }

    /// The name of the Project that an App is in; empty for a standalone App.
    fn project_name(&self, app: &StoredApp) -> Result<String, PortalError> {
        app.project
            .map_or_else(|| Ok(String::new()), |membership| Ok(self.project(membership.project_id)?.settings.name))
    }

    pub(super) fn detach_app(&self, id: AppId) -> Result<Committed, PortalError> {
        let mut app = self.app(id)?;
        let act = of_app("detach_app", &app).with_change("project", &self.project_name(&app)?, "");
        if app.project.take().is_none() {
            return Err(PortalError::AppNotInProject);
        }
        app.version += 1;
        self.ledger.record(act)?;
        self.store_app(app)
    }
}

/// What KV has of an App.
pub(super) fn record_of(version: u64, developer: &StoredDeveloperAccount, app: &StoredApp) -> AppRecord {
    AppRecord::new(version, developer.id, Some(app.live(developer.is_stopped())))
}

/// What was done to an App.
pub(super) fn of_app(operation: &'static str, app: &StoredApp) -> Act {
    let project_id = app.project.map(|membership| membership.project_id);
    Act::new(operation, &app.settings.name).of_app(app.id, project_id)
}

/// Refuses to let go of an App that an operator restricted or suspended: under
/// its name, and as a record, it stays until they lift that. Otherwise the same
/// App would be back after two calls.
pub(super) fn refuse_stopped(app: &StoredApp) -> Result<(), PortalError> {
    match app.status {
        AppStatus::Active => Ok(()),
        status => Err(PortalError::AppStopped { status, reason: app.status_reason.clone() }),
    }
}
