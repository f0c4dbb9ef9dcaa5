//! The portal's words for states and operations.

use crate::ui::Tone;
use gatehouse_shared::model::{AccountStatus, AppStatus, ApplicationState, Permission};

pub fn application_state(state: ApplicationState) -> (&'static str, Tone) {
    match state {
        ApplicationState::None => ("Not applied", Tone::Neutral),
        ApplicationState::InReview => ("In review", Tone::Info),
        ApplicationState::MoreInformationRequested => ("More information requested", Tone::Warning),
        ApplicationState::Approved => ("Approved", Tone::Good),
        ApplicationState::Declined => ("Declined", Tone::Danger),
        ApplicationState::Suspended => ("Suspended", Tone::Danger),
    }
}

pub fn account_status(status: AccountStatus) -> (&'static str, Tone) {
    match status {
        AccountStatus::Active => ("Active", Tone::Good),
        AccountStatus::Suspended => ("Suspended", Tone::Danger),
    }
}

pub fn app_status(status: AppStatus) -> (&'static str, Tone) {
    match status {
        AppStatus::Active => ("Active", Tone::Good),
        AppStatus::WriteRestricted => ("Write-restricted", Tone::Warning),
        AppStatus::Suspended => ("Suspended", Tone::Danger),
    }
}

pub fn permission_hint(permission: Permission) -> &'static str {
    match permission {
        Permission::Read => "Read data. Requests that change something are refused.",
        Permission::ReadWrite => "Read data, and create, update, and delete it.",
        Permission::ReadWriteDirectMessages => "Everything above, plus users’ direct messages.",
    }
}

/// An operation of the activity log, as a sentence about its subject.
pub fn operation(name: &str) -> String {
    let known = match name {
        "create_account" => "Signed up",
        "create_session" => "Signed in",
        "delete_session" => "Signed out",
        "revoke_session" => "Ended a session",
        "update_password" => "Changed the password",
        "submit_application" => "Submitted the developer application",
        "decide_application" => "Reviewed the developer application",
        "create_project" => "Created a Project",
        "update_project" => "Updated a Project",
        "delete_project" => "Deleted a Project",
        "create_app" => "Created an App",
        "update_app" => "Updated an App’s settings",
        "delete_app" => "Deleted an App",
        "attach_app" => "Attached an App to a Project",
        "detach_app" => "Detached an App from its Project",
        "update_permission" => "Changed an App’s permission",
        "generate_credential" => "Generated a credential",
        "regenerate_credential" => "Regenerated a credential",
        "update_credential" => "Changed a credential’s expiry",
        "revoke_credential" => "Revoked a credential",
        "end_overlap" => "Revoked a previous credential",
        "grant_app" => "Authorized an App",
        "end_authorization" => "An App’s access ended",
        "revoke_connected_app" => "Revoked an App’s access",
        "update_sign_in" => "Changed an App’s sign-in settings",
        "update_app_status" => "Changed an App’s status",
        "update_account_status" => "Changed the account’s status",
        other => return other.replace('_', " "),
    };
    known.into()
}

/// What an operation was done to.
pub fn subject(operation: &str, subject: &str) -> String {
    let decided = ApplicationState::ALL.into_iter().find(|state| state.as_str() == subject);
    match decided {
        Some(state) if operation == "decide_application" => application_state(state).0.into(),
        _ => subject.into(),
    }
}

/// When a change is in effect, with the deployment's own bound in seconds where that is known.
pub fn takes_effect(freshness_seconds: Option<u64>) -> String {
    let within = match freshness_seconds {
        Some(0) => return "This takes effect immediately.".to_owned(),
        Some(seconds @ 1..=120) => format!("{seconds} seconds"),
        Some(seconds) => format!("{} minutes", seconds.div_ceil(60)),
        None => "a few minutes".to_owned(),
    };
    format!("This takes effect within {within}.")
}

/// A number with thousands set apart.
pub fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

pub fn count(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

#[cfg(test)]
mod tests {
    use super::takes_effect;

    #[test]
    fn no_change_is_said_to_be_in_effect_before_the_bound() {
        for (seconds, wanted) in [
            (Some(0), "This takes effect immediately."),
            (Some(100), "This takes effect within 100 seconds."),
            (Some(390), "This takes effect within 7 minutes."),
            (None, "This takes effect within a few minutes."),
        ] {
            assert_eq!(takes_effect(seconds), wanted);
        }
    }
}
