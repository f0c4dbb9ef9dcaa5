//! Shows the usage and the refusals of Apps and Projects.

use super::body::BodyError;
use super::reply::Response;
use super::router::Exchange;
use crate::isolate::AppDays;
use futures_util::future::try_join;
use gatehouse_domain::message::app_traffic::{AppTrafficCall, MOST_REFUSALS};
use gatehouse_domain::message::developer_account::DeveloperAccountCall;
use gatehouse_domain::portal_error::{Missing, PortalError};
use gatehouse_domain::ports::EdgePorts;
use gatehouse_shared::api::{AppUsage, AppView, ProjectUsage, ProjectView, RefusalList, ReviewedApp};
use gatehouse_shared::model::AppId;

impl<R: EdgePorts> Exchange<'_, R> {
    pub(super) async fn find_app_usage(&self) -> Result<Response, BodyError> {
        let app: AppView = self.ask_developer(DeveloperAccountCall::FindApp { app_id: self.app_id()? }).await?;
        Ok(Response::ok(&self.app_usage(&app).await?)?)
    }

    async fn app_usage(&self, app: &AppView) -> Result<AppUsage, BodyError> {
        let since = self.isolate.first_usage_day();
        let used = self.isolate.read_app_days(app.id, since, None).await.map_err(PortalError::from)?;
        let month = match &app.project {
            Some(project) => {
                let apps = self.isolate.read_project_days(project.id, since).await.map_err(PortalError::from)?;
                Some(self.isolate.month_usage(&apps))
            }
            None => None,
        };
        let rows: Vec<(String, u64, u64)> =
            used.rows.into_iter().map(|row| (row.class, row.day, row.requests)).collect();
        Ok(AppUsage { days: self.isolate.shown_days(&rows), month })
    }

    pub(super) async fn find_project_usage(&self) -> Result<Response, BodyError> {
        let (project_id, limits) = (self.project_id()?, self.isolate.settings.api.plan);
        let project: ProjectView = self.ask_developer(DeveloperAccountCall::FindProject { project_id, limits }).await?;
        let since = self.isolate.first_usage_day();
        let apps = self.isolate.read_project_days(project_id, since).await.map_err(PortalError::from)?;
        let name_of = |app: &AppDays| {
            let here = project.apps.iter().find(|known| known.id == app.app_id);
            here.map_or_else(|| format!("App {}, no longer here", app.app_id), |known| known.name.clone())
        };
        let rows: Vec<(String, u64, u64)> = apps
            .iter()
            .flat_map(|app| app.by_day().into_iter().map(|(day, requests)| (name_of(app), day, requests)))
            .collect();
        let usage = ProjectUsage { days: self.isolate.shown_days(&rows), month: self.isolate.month_usage(&apps) };
        Ok(Response::ok(&usage)?)
    }

    pub(super) async fn list_refusals(&self) -> Result<Response, BodyError> {
        let app_id = self.app_id()?;
        // The caller is a member, or there is no such App.
        let _: AppView = self.ask_developer(DeveloperAccountCall::FindApp { app_id }).await?;
        Ok(Response::ok(&self.app_refusals(app_id).await?)?)
    }

    async fn app_refusals(&self, app_id: AppId) -> Result<RefusalList, BodyError> {
        let call = AppTrafficCall::ListRefusals { request_id: self.request.query("request_id") };
        Ok(RefusalList { refusals: self.ask_app(app_id, &call).await?, kept: MOST_REFUSALS })
    }

    /// An App with its usage and its refusals, for operators.
    pub(super) async fn find_reviewed_app(&self) -> Result<Response, BodyError> {
        let (app_id, missing) = (self.app_id()?, || PortalError::NotFound(Missing::App));
        let developer = self.isolate.find_developer_of_app(app_id).await.map_err(PortalError::from)?;
        let record = self.find_record(developer).await?.ok_or_else(missing)?;
        let app = record.apps.into_iter().find(|app| app.id == app_id).ok_or_else(missing)?;
        let (usage, refusals) = try_join(self.app_usage(&app), self.app_refusals(app_id)).await?;
        let (developer_account_id, developer_account_name) = (record.id, record.name);
        Ok(Response::ok(&ReviewedApp { developer_account_id, developer_account_name, app, usage, refusals })?)
    }
}
