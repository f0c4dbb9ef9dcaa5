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
        Permission::Read => "Reads whatever the API offers. Any request that changes something is refused.",
        Permission::ReadWrite => "Reads and changes: create, update and delete.",
        Permission::ReadWriteDirectMessages => "As above, and private messages between people too.",
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
        "submit_application" => "Sent the developer application",
        "decide_application" => "Decided about the developer application",
        "create_project" => "Created a Project",
        "update_project" => "Changed a Project",
        "delete_project" => "Deleted a Project",
        "create_app" => "Created an App",
        "update_app" => "Changed an App’s settings",
        "delete_app" => "Deleted an App",
        "attach_app" => "Attached an App to a Project",
        "detach_app" => "Detached an App from its Project",
        "update_permission" => "Changed an App’s permission",
        "generate_credential" => "Generated a credential",
        "regenerate_credential" => "Regenerated a credential",
        "update_credential" => "Changed a credential’s expiry",
        "revoke_credential" => "Revoked a credential",
        "end_overlap" => "Ended an overlap",
        "grant_app" => "Let an App act for you",
        "end_authorization" => "Access of an App ended",
        "revoke_connected_app" => "Took back what an App may do for you",
        "update_sign_in" => "Changed how an App signs users in",
        "update_app_status" => "Set an App’s status",
        "update_account_status" => "Set the account’s status",
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
