use super::answer::Identity;
use super::bearer::{Presented, Reason};
use super::head::canonical;
use crate::app::LiveApp;
use crate::credential::Derived;
use crate::settings::Settings;
use gatehouse_shared::api::CredentialKind;
use gatehouse_shared::description::{CredentialForm, Version, is_write};
use gatehouse_shared::model::{AppStatus, Permission};

/// Decides a request on its App's record.
pub fn decide(
    settings: &Settings,
    version: &Version,
    method: &str,
    path: &str,
    presented: &Presented<'_>,
    app: &LiveApp,
) -> Result<Identity, Reason> {
    verify(settings, presented, app)?;
    if app.owner_suspended {
        return Err(Reason::OwnerSuspended);
    }
    if app.status == AppStatus::Suspended {
        return Err(Reason::AppSuspended);
    }
    let app_id = presented.public.app_id;
    if version.needs_project && app.project_id.is_none() {
        return Err(Reason::NotEnrolled { app_id });
    }
    let path = canonical(path);
    let route = version.route_of(method, &path);
    let allowed = route.map_or(&version.credentials, |route| &route.credentials);
    if !allowed.contains(&CredentialForm::BearerToken) {
        return Err(Reason::WrongKind { allowed: allowed.clone() });
    }
    let by_method = if is_write(method) { Permission::ReadWrite } else { Permission::Read };
    let needed = route.map_or(by_method, |route| route.permission);
    if needed > app.permission {
        return Err(Reason::PermissionTooLow { needed });
    }
    if needed > Permission::Read && app.status == AppStatus::WriteRestricted {
        return Err(Reason::WriteRestricted);
    }
    Ok(Identity { app_id, project_id: app.project_id, access_level: app.permission, request_id: String::new() })
}

/// Derives the secret of the seed that the token names and compares.
fn verify(settings: &Settings, presented: &Presented<'_>, app: &LiveApp) -> Result<(), Reason> {
    let public = &presented.public;
    let secret = app
        .derive_secret(&settings.keyring, CredentialKind::BearerToken, Derived::BearerToken, public)
        .ok_or(Reason::Replaced)?;
    if secret.matches(presented.secret) { Ok(()) } else { Err(Reason::BadTag) }
}
