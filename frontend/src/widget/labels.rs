//! Names the states, the permissions and the operations of the activity log for the reader of the portal.

use crate::ui::Tone;
use gatehouse_shared::api::{FieldChange, OperationGroup};
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

/// Describes an operation of the activity log in past tense.
pub fn operation(name: &str) -> String {
    let known = match name {
        "create_account" => "Signed up",
        "create_session" => "Signed in",
        "delete_session" => "Signed out",
        "fail_session" => "Sign-in failed: wrong password",
        "revoke_session" => "Ended a session",
        "update_password" => "Changed the password",
        "submit_application" => "Submitted the developer application",
        "decide_application" => "Reviewed the developer application",
        "create_invitation" => "Invited a member",
        "delete_invitation" => "Took an invitation back",
        "accept_invitation" => "Accepted an invitation",
        "decline_invitation" => "Declined an invitation",
        "update_member" => "Changed a member’s role",
        "delete_member" => "Removed a member",
        "offer_transfer" => "Offered a transfer",
        "withdraw_transfer" => "Took an offered transfer back",
        "accept_transfer" => "Accepted a transfer",
        "decline_transfer" => "Declined a transfer",
        "end_transfer" => "An offered transfer ended: it was declined, or could no longer be made",
        "give_transfer" => "Handed over to another developer account",
        "receive_app" => "Received an App",
        "receive_project" => "Received a Project",
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
        "update_operator" => "Changed the operator role",
        "approve_consent" => "Agreed to let an App act",
        "withdraw_consent" => "Took an agreement back",
        "rederive_credentials" => "Moved credentials to another master key",
        other => return other.replace('_', " "),
    };
    known.into()
}

/// Names a group of operations.
pub fn operation_group(group: OperationGroup) -> &'static str {
    match group {
        OperationGroup::SignIn => "Sign-ins and password",
        OperationGroup::Consents => "Access given to Apps",
        OperationGroup::Credentials => "Credentials",
        OperationGroup::Apps => "Apps and Projects",
        OperationGroup::Members => "Members",
        OperationGroup::Review => "Review",
    }
}

/// Tells what a change did to one field.
pub fn change(change: &FieldChange) -> String {
    let shown = |value: &str| if value.is_empty() { "nothing".to_owned() } else { format!("“{value}”") };
    format!("{}: {} → {}", change.field.replace('_', " "), shown(&change.from), shown(&change.to))
}

/// Names the subject of an operation of the activity log.
pub fn subject(operation: &str, subject: &str) -> String {
    let decided = ApplicationState::ALL.into_iter().find(|state| state.as_str() == subject);
    match decided {
        Some(state) if operation == "decide_application" => application_state(state).0.into(),
        _ => subject.into(),
    }
}
