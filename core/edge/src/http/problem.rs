//! From reasons to `application/problem+json` (RFC 9457), in one place.

use super::reply::Response;
use gatehouse_domain::portal_error::{Changed, Missing, PortalError};
use gatehouse_shared::model::{AppStatus, ApplicationState, MemberRole, OperatorRole};
use gatehouse_shared::problem::{Code, FieldError, Problem};

/// The status that goes with a code.
fn status_of(code: Code) -> u16 {
    match code {
        Code::MalformedBody => 400,
        Code::NotSignedIn | Code::WrongCredentials => 401,
        Code::CrossSiteRequest
        | Code::NotOperator
        | Code::NotApproved
        | Code::RoleTooLow
        | Code::AccountSuspended
        | Code::LimitReached => 403,
        Code::NotFound => 404,
        Code::MethodNotAllowed => 405,
        Code::NameTaken | Code::Conflict | Code::ConsentChanged | Code::ChangedMeanwhile => 409,
        Code::BodyTooLarge => 413,
        Code::UnsupportedMediaType => 415,
        Code::InvalidFields => 422,
        Code::TooManyRequests => 429,
        Code::InternalError => 500,
        Code::Unavailable => 503,
    }
}

/// Makes the answer from a code and its text.
pub(super) fn respond(code: Code, detail: String, errors: Vec<FieldError>, request_id: &str) -> Response {
    let problem = Problem {
        kind: format!("/docs/errors/{}", code.slug()),
        title: code.title().to_owned(),
        status: status_of(code),
        detail,
        code,
        errors,
        request_id: Some(request_id.to_owned()),
    };
    let body = serde_json::to_string(&problem).unwrap_or_default();
    let response =
        Response::new(problem.status, "application/problem+json", body).with("x-gatehouse-request-id", request_id);
    match code {
        Code::Unavailable => response.with("retry-after", "1"),
        _ => response,
    }
}

/// Makes the answer to a refused operation.
pub fn to_response(refusal: PortalError, request_id: &str) -> Response {
    let wait_seconds = match refusal {
        PortalError::TooManyTries { wait_seconds } => Some(wait_seconds),
        _ => None,
    };
    let (code, detail, errors) = explain(refusal);
    let response = respond(code, detail, errors, request_id);
    match wait_seconds {
        Some(seconds) => response.with("retry-after", seconds.to_string()),
        None => response,
    }
}

const OWN_DEVELOPER_ACCOUNT: &str =
    "You’re a member of this developer account. Ask another operator to decide about it.";
const LAST_OWNER: &str =
    "A developer account needs an Owner, and this is the last one. Make another member an Owner first.";

fn explain(refusal: PortalError) -> (Code, String, Vec<FieldError>) {
    let plain = |code, detail: &str| (code, detail.to_owned(), Vec::new());
    match refusal {
        PortalError::NotSignedIn => {
            plain(Code::NotSignedIn, "You're not signed in, or your session has ended. Sign in again.")
        }
        PortalError::WrongCredentials => plain(Code::WrongCredentials, "Wrong username or password."),
        PortalError::OwnDeveloperAccount => plain(Code::Conflict, OWN_DEVELOPER_ACCOUNT),
        PortalError::NotOperator => plain(Code::NotOperator, "Only operators can do this."),
        PortalError::OtherOperatorRole { role, needed } => other_operator_role(role, &needed),
        PortalError::NotApproved(state) => (Code::NotApproved, not_approved(state).to_owned(), Vec::new()),
        PortalError::RoleTooLow { role, needed } => role_too_low(role, needed),
        PortalError::AccountSuspended(reason) => account_suspended(&reason),
        PortalError::AppStopped { status, reason } => (Code::Conflict, app_stopped(status, &reason), Vec::new()),
        PortalError::NotFound(missing) | PortalError::Moved { missing, .. } => {
            (Code::NotFound, not_found(missing).to_owned(), Vec::new())
        }
        PortalError::Invalid(errors) => {
            let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
            (Code::InvalidFields, format!("Correct {}. Nothing was changed.", fields.join(", ")), errors)
        }
        PortalError::IdentityTaken => identity_taken(),
        PortalError::AppNameTaken { field } => app_name_taken(field),
        PortalError::TooManyProjects(most) => limit("Project", most, "your developer account"),
        PortalError::TooManyApps(most) => limit("App", most, "your developer account"),
        PortalError::TooManyAppsInProject(most) => limit("App", most, "each Project"),
        PortalError::TooManyMembers(most) => too_many_members(most),
        PortalError::AlreadyMember => plain(Code::Conflict, "You’re a member of this developer account already."),
        PortalError::LastOwner => plain(Code::Conflict, LAST_OWNER),
        PortalError::ProjectHasApps(apps) => {
            let apps = if apps == 1 { "1 App".to_owned() } else { format!("{apps} Apps") };
            (Code::Conflict, format!("This Project still has {apps}. Delete or detach them first."), Vec::new())
        }
        PortalError::OverlapRunning(_) => plain(
            Code::Conflict,
            "The previous credential still works. End its overlap first, or revoke both immediately.",
        ),
        PortalError::OtherAccount => plain(
            Code::Conflict,
            "A different account has signed in since this page was opened. Nothing was shared. Reload the page and check \
             which account it shows.",
        ),
        PortalError::ConsentChanged => plain(
            Code::ConsentChanged,
            "The App’s request has changed since this page was opened. Nothing was shared. Reload the page, then decide.",
        ),
        PortalError::ChangedMeanwhile(what) => changed_meanwhile(what),
        PortalError::NotConfidential => plain(
            Code::Conflict,
            "Only Web Apps and Automated Apps have a Client Secret. Choose one of these types under “Permissions and \
             sign-in” first.",
        ),
        PortalError::AppNotInProject => plain(Code::Conflict, "This App isn't in a Project."),
        PortalError::ApplicationClosed(state) => (Code::Conflict, closed(state).to_owned(), Vec::new()),
        PortalError::DecisionDoesNotApply(state) => (
            Code::Conflict,
            format!("This decision no longer applies: the application is now “{}”. Reload the page.", state.as_str()),
            Vec::new(),
        ),
        PortalError::OperatorPasswordIsSetting => plain(
            Code::Conflict,
            "The operator's password is the setting OPERATOR_PASSWORD of this deployment. Change it there.",
        ),
        PortalError::OperatorStays => plain(
            Code::Conflict,
            "The account of the operator whose password is a setting keeps its status and its role. To end its sessions, \
             change the secret OPERATOR_PASSWORD.",
        ),
        PortalError::TooManyTries { wait_seconds } => (Code::TooManyRequests, wait(wait_seconds), Vec::new()),
        PortalError::Unavailable(_) => plain(
            Code::Unavailable,
            "Part of the service didn't respond. Reload the page to see whether your change was saved, then try again.",
        ),
        PortalError::Internal(_) => plain(
            Code::InternalError,
            "Something went wrong on our side. Try again. If it keeps happening, give the operator the request ID.",
        ),
    }
}

fn role_too_low(role: MemberRole, needed: MemberRole) -> (Code, String, Vec<FieldError>) {
    let detail = format!(
        "Your role in this developer account is {}. This takes the role {}. Ask an Owner or Admin of the developer \
         account to change your role, or to do this for you.",
        role.label(),
        needed.label()
    );
    (Code::RoleTooLow, detail, Vec::new())
}

fn other_operator_role(role: OperatorRole, needed: &[OperatorRole]) -> (Code, String, Vec<FieldError>) {
    let needed: Vec<&str> = needed.iter().map(|role| role.label()).collect();
    let detail = format!(
        "Your role as an operator is {}. This takes the role {}. Ask an Administrator to change your role, or to do \
         this for you.",
        role.label(),
        needed.join(" or ")
    );
    (Code::RoleTooLow, detail, Vec::new())
}

fn account_suspended(reason: &str) -> (Code, String, Vec<FieldError>) {
    (Code::AccountSuspended, format!("This account is suspended. The operator’s reason: {reason}"), Vec::new())
}

fn changed_meanwhile(what: Changed) -> (Code, String, Vec<FieldError>) {
    let detail = format!(
        "This {what} was changed after you opened it, in another window or by somebody else. Nothing was saved. Check \
         what changed, then save again."
    );
    (Code::ChangedMeanwhile, detail, Vec::new())
}

fn app_stopped(status: AppStatus, reason: &str) -> String {
    let status = if status == AppStatus::Suspended { "suspended" } else { "restricted" };
    format!(
        "The operator {status} this App, so it can’t be deleted, renamed, or transferred. Their reason: {reason} Settle \
         this with the operator first."
    )
}

fn identity_taken() -> (Code, String, Vec<FieldError>) {
    let message = "This username or email address is already taken.";
    let errors = ["username", "email"].map(|field| FieldError::new(field, "taken", message)).into_iter().collect();
    let detail = "The username or email address is already taken. If it's yours, sign in. Otherwise, choose another.";
    (Code::NameTaken, detail.to_owned(), errors)
}

fn app_name_taken(field: String) -> (Code, String, Vec<FieldError>) {
    let message = "Another App has this name. Choose a different one.";
    let detail = "App names must be unique, ignoring case and spaces. Choose a different one.";
    (Code::NameTaken, detail.to_owned(), vec![FieldError::new(field, "taken", message)])
}

fn wait(seconds: u64) -> String {
    match seconds {
        1 => "Wait 1 second, then try again.".to_owned(),
        60 => "Wait a minute, then try again.".to_owned(),
        seconds => format!("Wait {seconds} seconds, then try again."),
    }
}

fn limit(what: &str, most: u32, of: &str) -> (Code, String, Vec<FieldError>) {
    let plural = if most == 1 { "" } else { "s" };
    let detail = format!(
        "Your plan allows {most} {what}{plural} in {of}. Delete one you no longer need, or ask the operator for more."
    );
    (Code::LimitReached, detail, Vec::new())
}

fn too_many_members(most: u32) -> (Code, String, Vec<FieldError>) {
    let detail = format!("A developer account has at most {most} members and open invitations. Remove one first.");
    (Code::LimitReached, detail, Vec::new())
}

fn not_approved(state: ApplicationState) -> &'static str {
    match state {
        ApplicationState::None => "Apply for a developer account first.",
        ApplicationState::InReview => "Your application is in review. You can create Apps once it's approved.",
        ApplicationState::MoreInformationRequested => {
            "The operator needs more information. Update your developer application."
        }
        ApplicationState::Declined => {
            "Your application was declined. See the reason on the application page. You can apply again."
        }
        ApplicationState::Suspended => "Your developer account is suspended. See the reason on the application page.",
        ApplicationState::Approved => "Your developer account is approved.",
    }
}

fn closed(state: ApplicationState) -> &'static str {
    match state {
        ApplicationState::InReview => "Your application is already in review.",
        ApplicationState::Approved => "Your developer account is already approved.",
        _ => "Your developer account is suspended. See the reason on the application page.",
    }
}

fn not_found(missing: Missing) -> &'static str {
    match missing {
        Missing::Route => "The portal API has no such path. See /openapi.json for the available ones.",
        Missing::Page => "There is no page at this address. The portal begins at /.",
        Missing::Account => "There's no such account.",
        Missing::DeveloperAccount => "There's no such developer account, or you aren't a member of it.",
        Missing::Member => "There's no such member. They may have left.",
        Missing::Invitation => {
            "There's no such invitation for this account. It was answered or taken back, is older than 7 days, or is for \
             another account. Ask for a new one, or sign in to the account that it is for."
        }
        Missing::Transfer => {
            "There’s no such offer. It may have been answered or withdrawn, or be over: it can be accepted for 7 days. \
             Reload the page."
        }
        Missing::Session => "There's no such session. It may have ended.",
        Missing::Project => {
            "You have no such Project. It may have been deleted or transferred, or you are no longer a member."
        }
        Missing::App => "You have no such App. It may have been deleted or transferred, or you are no longer a member.",
        Missing::Grant => "This App no longer has access. Reload the page.",
        Missing::Credential => "The App has no such credential. Reload the page.",
    }
}
