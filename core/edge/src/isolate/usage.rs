//! What a Project's Apps have used, put together from their objects.

use crate::isolate::Isolate;
use futures_util::future::try_join_all;
use gatehouse_domain::message::app_traffic::{AppTrafficCall, UsageRow};
use gatehouse_domain::message::project_quota::ProjectQuotaCall;
use gatehouse_domain::ports::{EdgePorts, ObjectName, PortError, ask};
use gatehouse_shared::api::{DayUsage, MonthUsage, UsagePart};
use gatehouse_shared::model::{AppId, DAY_SECONDS, ProjectId, UnixSeconds, month_of};
use std::collections::BTreeMap;

/// How many days the portal shows.
pub const SHOWN_DAYS: u64 = 30;

/// An App's requests by day and class.
pub struct AppDays {
    pub app_id: AppId,
    pub rows: Vec<UsageRow>,
}

impl AppDays {
    /// Requests by day, counted from 1970-01-01.
    pub fn by_day(&self) -> BTreeMap<u64, u64> {
        let mut days = BTreeMap::new();
        for row in &self.rows {
            *days.entry(row.day).or_default() += row.requests;
        }
        days
    }
}

impl<R: EdgePorts> Isolate<R> {
    /// The requests that Apps made as those of a Project since a day; Apps
    /// that left it or were deleted among them.
    pub(crate) async fn read_project_days(&self, project: ProjectId, since: u64) -> Result<Vec<AppDays>, PortError> {
        let object = ObjectName::ProjectQuota(project);
        let since_month = month_of(UnixSeconds(since * DAY_SECONDS)).number;
        let call = ProjectQuotaCall::ListApps { since: since_month };
        let apps: Vec<AppId> = ask(&self.runtime, &object, &call).await?;
        try_join_all(apps.into_iter().map(|app_id| self.read_app_days(app_id, since, Some(project)))).await
    }

    /// The requests of one App since a day; as one of a Project, or all.
    pub(crate) async fn read_app_days(
        &self,
        app_id: AppId,
        since: u64,
        project: Option<ProjectId>,
    ) -> Result<AppDays, PortError> {
        let call = AppTrafficCall::ReadUsage { since, project };
        let rows = ask(&self.runtime, &ObjectName::AppTraffic(app_id), &call).await?;
        Ok(AppDays { app_id, rows })
    }

    /// How a Project's month stands.
    pub(crate) fn month_usage(&self, apps: &[AppDays]) -> MonthUsage {
        let month = month_of(self.now());
        let since = month.starts_at.0 / DAY_SECONDS;
        let rows = apps.iter().flat_map(|app| &app.rows).filter(|row| row.day >= since);
        MonthUsage {
            cap: self.settings.api.plan.monthly_cap,
            used: rows.map(|row| row.requests).sum(),
            resets_at: month.ends_at,
        }
    }

    /// The first day to read for the portal: the shown ones, and the month.
    pub(crate) fn first_usage_day(&self) -> u64 {
        let now = self.now();
        self.first_shown_day().min(month_of(now).starts_at.0 / DAY_SECONDS)
    }

    fn first_shown_day(&self) -> u64 {
        (self.now().0 / DAY_SECONDS + 1).saturating_sub(SHOWN_DAYS)
    }

    /// The days that the portal shows, each with its named parts.
    pub(crate) fn shown_days(&self, rows: &[(String, u64, u64)]) -> Vec<DayUsage> {
        let first = self.first_shown_day();
        (first..first + SHOWN_DAYS)
            .map(|day| {
                let parts = rows.iter().filter(|(_, of, _)| *of == day);
                let parts = parts.map(|(name, _, requests)| UsagePart { name: name.clone(), requests: *requests });
                DayUsage { day: UnixSeconds(day * DAY_SECONDS), parts: parts.collect() }
            })
            .collect()
    }
}
