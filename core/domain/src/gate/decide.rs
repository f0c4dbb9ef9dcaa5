//! Applies the route's rule to a request whose caller is verified.

use super::verify::Verified;
use crate::app::LiveApp;
use crate::gate::Reason;
use crate::limit::{Counter, Window};
use crate::path::rule_of;
use crate::upstream::Identity;
use gatehouse_shared::description::{Builtin, RouteClass, Version, is_write};
use gatehouse_shared::model::{AppStatus, CredentialForm, Permission, UnixSeconds};

/// What becomes of a request that may pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pass {
    pub identity: Identity,
    /// Whether the request changes something.
    pub is_write: bool,
    /// Present where the deployment answers by itself.
    pub builtin: Option<Builtin>,
    /// What it is counted under, and how many pass.
    pub counter: Counter,
    pub window: Option<Window>,
}

/// Decides what a verified caller may do. Each refusal says what stands in the way.
pub fn decide(version: &Version, method: &str, path: &str, caller: &Verified, app: &LiveApp) -> Result<Pass, Reason> {
    if app.owner_suspended {
        return Err(Reason::OwnerSuspended);
    }
    if app.status == AppStatus::Suspended {
        return Err(Reason::AppSuspended);
    }
    let app_id = caller.app_id();
    if version.needs_project && app.project_id.is_none() {
        return Err(Reason::NotEnrolled { app_id });
    }
    let rule = rule_of(version, method, path);
    let (number, route) = rule.route.unzip();
    let allowed = route.map_or(&version.credentials, |route| &route.credentials);
    if !allowed.contains(&caller.form()) {
        return Err(Reason::WrongKind { used: caller.form(), allowed: allowed.clone() });
    }
    let by_method = if is_write(method) { Permission::ReadWrite } else { Permission::Read };
    let needed = route.map_or(by_method, |route| route.permission);
    if caller.form() == CredentialForm::OAuth2User {
        // Scopes say what its user let it do; a route that takes such a token names some.
        let needed = route.map_or(&[][..], |route| &route.scopes);
        if needed.is_empty() || needed.iter().any(|scope| !caller.scopes().contains(scope)) {
            return Err(Reason::MissingScope { needed: needed.to_vec(), granted: caller.scopes().to_vec() });
        }
    } else if needed > caller.level() {
        let issued_with = caller.user().map(|_| caller.level());
        return Err(Reason::PermissionTooLow { needed, issued_with });
    }
    if needed > Permission::Read && app.status == AppStatus::WriteRestricted {
        return Err(Reason::WriteRestricted);
    }
    if !rule.holds_for_every_reading(version, method, path) {
        return Err(Reason::AmbiguousPath);
    }
    let identity = Identity {
        app_id,
        project_id: app.project_id,
        user_id: caller.user(),
        access_level: caller.level(),
        scopes: (caller.form() == CredentialForm::OAuth2User).then(|| caller.scopes().join(" ")),
        shown_level: caller.shown_level(),
        request_id: String::new(),
        rate: None,
        at: UnixSeconds(0),
    };
    let class = RouteClass { version: version.index, route: number };
    let limit = route.map_or(version.limit, |route| route.limit);
    let window = Window::of(limit, caller.user().is_some());
    let counter = Counter { app_id, class, user: caller.user() };
    let is_write = needed > Permission::Read;
    Ok(Pass { identity, is_write, builtin: route.and_then(|route| route.builtin), counter, window })
}
