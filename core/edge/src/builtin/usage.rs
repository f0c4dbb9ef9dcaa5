//! Answers what the App's Project has used of its month.

use crate::isolate::{AppDays, Isolate};
use gatehouse_domain::date::iso_date;
use gatehouse_domain::gate::{Answer, Verified};
use gatehouse_domain::portal_error::{Missing, PortalError};
use gatehouse_domain::ports::EdgePorts;
use gatehouse_domain::request::RequestHead;
use gatehouse_shared::model::{DAY_SECONDS, UnixSeconds, month_of};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const DEFAULT_DAYS: u64 = 7;
const MOST_DAYS: u64 = 90;

/// What the caller's Project has used of its month, and by day. Query: `days`.
pub(super) async fn answer<R: EdgePorts>(
    isolate: &Isolate<R>,
    head: &RequestHead<'_>,
    caller: &Verified,
) -> Result<Answer, PortalError> {
    let project = isolate.on_app(caller.app_id(), |app| app.project_id).flatten();
    let project = project.ok_or(PortalError::NotFound(Missing::Project))?;
    let query = head.url.split_once('?').map_or("", |(_, query)| query);
    let asked = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "days");
    let days = match asked.map(|(_, value)| value.parse::<u64>()) {
        None => DEFAULT_DAYS,
        Some(Ok(days)) if (1..=MOST_DAYS).contains(&days) => days,
        Some(_) => return Ok(invalid_days()),
    };
    let now = isolate.now();
    let (month, today) = (month_of(now), now.0 / DAY_SECONDS);
    let since = (today + 1).saturating_sub(days);
    let apps = isolate.read_project_days(project, since.min(month.starts_at.0 / DAY_SECONDS)).await?;
    let mut by_day: BTreeMap<u64, u64> = BTreeMap::new();
    for (day, requests) in apps.iter().flat_map(AppDays::by_day) {
        *by_day.entry(day).or_default() += requests;
    }
    let month_usage = isolate.month_usage(&apps);
    let apps: Vec<Value> = apps
        .iter()
        .map(|app| {
            let days: BTreeMap<u64, u64> = app.by_day().into_iter().filter(|(day, _)| *day >= since).collect();
            json!({
                "client_app_id": app.app_id,
                "usage_result_count": days.len(),
                "usage": list(&days),
            })
        })
        .collect();
    let body = json!({
        "data": {
            "project_id": project,
            // Counts are texts, as clients parse them.
            "project_cap": month_usage.cap.to_string(),
            "project_usage": month_usage.used.to_string(),
            "cap_reset_day": 1,
            "daily_project_usage": { "project_id": project, "usage": list(&by_day.split_off(&since)) },
            "daily_client_app_usage": apps,
        }
    });
    Ok(Answer::json(200, "application/json;charset=utf-8", &body))
}

fn list(days: &BTreeMap<u64, u64>) -> Vec<Value> {
    days.iter()
        .map(|(day, requests)| {
            let date = iso_date(UnixSeconds(day * DAY_SECONDS));
            json!({ "date": date, "usage": requests.to_string() })
        })
        .collect()
}

fn invalid_days() -> Answer {
    let message = format!("`days` is a number from 1 to {MOST_DAYS}");
    Answer::problem(
        400,
        &json!({
            "title": "Invalid Request",
            "detail": "One or more parameters to your request was invalid.",
            "type": "about:blank",
            "status": 400,
            "errors": [{ "parameters": { "days": [] }, "message": message }],
        }),
    )
}
