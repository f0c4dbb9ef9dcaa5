use crate::isolate::Isolate;
use gatehouse_domain::gate::{Answer, Verified};
use gatehouse_domain::limit::{Counter, Window};
use gatehouse_domain::message::app_traffic::{AppTrafficCall, WindowRow};
use gatehouse_domain::portal_error::{Missing, PortalError};
use gatehouse_domain::ports::{EdgePorts, ObjectName, ask};
use gatehouse_domain::request::RequestHead;
use gatehouse_shared::description::RoutePolicy;
use serde_json::{Map, Value, json};

/// Tells what is left of each limit of the version that is asked, for the
/// caller's user or for the App: `resources`, by the first segment of the
/// path below the version.
pub(super) async fn answer<R: EdgePorts>(
    isolate: &Isolate<R>,
    head: &RequestHead<'_>,
    caller: &Verified,
) -> Result<Answer, PortalError> {
    let (app_id, user) = (caller.app_id(), caller.user());
    let call = AppTrafficCall::ReadWindows { user };
    let windows: Vec<WindowRow> = ask(&isolate.runtime, &ObjectName::AppTraffic(app_id), &call).await?;
    let (api, now) = (&isolate.settings.api, isolate.runtime.now());
    let Some(version) = api.version_of(head.path()) else { return Err(PortalError::NotFound(Missing::Route)) };
    let mut resources: Map<String, Value> = Map::new();
    for (class, limit) in api.classes().filter(|(class, _)| class.version == version.index) {
        let Some(window) = Window::of(limit, user.is_some()) else { continue };
        let (name, count, ends_at) = (api.class_name(class), window.limit, window.ends_at(now.seconds()));
        let leased = windows.iter().find(|row| row.class == name && row.ends_at == ends_at).map_or(0, |row| row.leased);
        // What this isolate has leased and not spent is the caller's as well.
        let held = isolate.leases.borrow().held(&Counter { app_id, class, user }, now);
        let remaining = count.saturating_sub(leased).saturating_add(held).min(count);
        let path = path_of(api.route(class), &version.prefix);
        let family = path.split(['/', '&']).find(|segment| !segment.is_empty()).unwrap_or_default().to_owned();
        let entry = resources.entry(family).or_insert_with(|| json!({}));
        entry[path] = json!({ "limit": count, "remaining": remaining, "reset": ends_at });
    }
    let context = match user {
        Some(user) => json!({ "user": user }),
        None => json!({ "application": app_id }),
    };
    let body = json!({ "rate_limit_context": context, "resources": resources });
    Ok(Answer::json(200, "application/json;charset=utf-8", &body))
}

/// A route's path below its version without `.json`; other methods than GET
/// follow it, since they may have limits of their own: `/notes&POST`.
fn path_of(route: Option<&RoutePolicy>, prefix: &str) -> String {
    let Some(route) = route else { return "/*".to_owned() };
    let path = route.path.strip_prefix(prefix).unwrap_or(&route.path);
    let methods: Vec<&str> = route.methods.iter().map(String::as_str).filter(|method| *method != "GET").collect();
    let suffix = if route.methods.iter().any(|method| method == "GET") {
        String::new()
    } else {
        format!("&{}", methods.join("&"))
    };
    format!("{}{suffix}", path.strip_suffix(".json").unwrap_or(path))
}
