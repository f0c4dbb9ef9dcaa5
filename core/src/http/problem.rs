//! From reasons to `application/problem+json` (RFC 9457), in one place.

use super::reply::Response;
use crate::refusal::{Missing, Refusal};
use gatehouse_shared::model::ApplicationState;
use gatehouse_shared::problem::{Code, FieldError, Problem};

/// The status that goes with a code.
fn status_of(code: Code) -> u16 {
    match code {
        Code::MalformedBody => 400,
        Code::NotSignedIn | Code::WrongCredentials => 401,
        Code::CrossSiteRequest | Code::NotOperator | Code::NotApproved | Code::LimitReached => 403,
        Code::NotFound => 404,
        Code::MethodNotAllowed => 405,
        Code::NameTaken | Code::Conflict => 409,
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
        Response::json(problem.status, "application/problem+json", body).with("x-gatehouse-request-id", request_id);
    match code {
        Code::TooManyRequests => response.with("retry-after", "60"),
        Code::Unavailable => response.with("retry-after", "1"),
        _ => response,
    }
}

/// Makes the answer to a refused operation.
pub fn to_response(refusal: Refusal, request_id: &str) -> Response {
    let (code, detail, errors) = explain(refusal);
    respond(code, detail, errors, request_id)
}

fn explain(refusal: Refusal) -> (Code, String, Vec<FieldError>) {
    let plain = |code, detail: &str| (code, detail.to_owned(), Vec::new());
    match refusal {
        Refusal::NotSignedIn => plain(Code::NotSignedIn, "Your session is over or there is none. Sign in again."),
        Refusal::WrongCredentials => plain(
            Code::WrongCredentials,
            "No account has this name and password. Check both; the password is case-sensitive.",
        ),
        Refusal::NotOperator => plain(Code::NotOperator, "This belongs to the operator's desk."),
        Refusal::NotApproved(state) => (Code::NotApproved, not_approved(state).to_owned(), Vec::new()),
        Refusal::NotFound(missing) => (Code::NotFound, not_found(missing).to_owned(), Vec::new()),
        Refusal::Invalid(errors) => {
            let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
            (Code::InvalidFields, format!("Check {}. Nothing was changed.", fields.join(", ")), errors)
        }
        Refusal::IdentityTaken => {
            let message = "This username or e-mail address is already in use.";
            let errors =
                ["username", "email"].map(|field| FieldError::new(field, "taken", message)).into_iter().collect();
            let detail = "The username or the e-mail address is already in use. If it is yours, sign in; otherwise \
                          choose another.";
            (Code::NameTaken, detail.to_owned(), errors)
        }
        Refusal::AppNameTaken { field } => {
            let message = "Another App has this name. Choose another.";
            (
                Code::NameTaken,
                "App names are unique, compared without spaces and case. Choose another.".to_owned(),
                vec![FieldError::new(field, "taken", message)],
            )
        }
        Refusal::TooManyProjects(most) => (Code::LimitReached, limit("Project", most, "an account"), Vec::new()),
        Refusal::TooManyApps(most) => (Code::LimitReached, limit("App", most, "an account"), Vec::new()),
        Refusal::TooManyAppsInProject(most) => (Code::LimitReached, limit("App", most, "a Project"), Vec::new()),
        Refusal::ProjectHasApps(apps) => {
            let apps = if apps == 1 { "one App".to_owned() } else { format!("{apps} Apps") };
            (Code::Conflict, format!("This Project still has {apps}. Delete or detach them first."), Vec::new())
        }
        Refusal::OverlapRunning(_) => plain(
            Code::Conflict,
            "The credential before this one still works beside it. End that overlap first, or replace both at once.",
        ),
        Refusal::OtherAccount => plain(
            Code::Conflict,
            "Another account is signed in by now than this page shows. Load it again, and look whom it asks.",
        ),
        Refusal::NotConfidential => plain(
            Code::Conflict,
            "Only a Web App or an Automated App has a Client Secret. Choose the type under “Permissions and sign-in” \
             first.",
        ),
        Refusal::AppNotInProject => plain(Code::Conflict, "This App is in no Project."),
        Refusal::ApplicationClosed(state) => (Code::Conflict, closed(state).to_owned(), Vec::new()),
        Refusal::DecisionDoesNotApply(state) => (
            Code::Conflict,
            format!("This decision does not apply: the application is now “{}”. Load the page again.", state.as_str()),
            Vec::new(),
        ),
        Refusal::OperatorPasswordIsSetting => plain(
            Code::Conflict,
            "The operator's password is the deployment's secret OPERATOR_PASSWORD. Change it there.",
        ),
        Refusal::TooManyTries => plain(Code::TooManyRequests, "Wait a minute, then try again."),
        Refusal::Unavailable(_) => plain(
            Code::Unavailable,
            "A part of the service did not answer. Load the page to see whether the change was made, then try again.",
        ),
        Refusal::Internal(_) => plain(
            Code::InternalError,
            "Nothing is wrong with your request. Try again; if it stays, tell the operator the request id.",
        ),
    }
}

fn limit(what: &str, most: u32, of: &str) -> String {
    let plural = if most == 1 { "" } else { "s" };
    format!(
        "Your plan has {most} {what}{plural} for {of}. Delete one you no longer need, or ask the operator for more."
    )
}

fn not_approved(state: ApplicationState) -> &'static str {
    match state {
        ApplicationState::None => "Apply for a developer account first.",
        ApplicationState::InReview => "Your application is being reviewed. You can create Apps once it is approved.",
        ApplicationState::MoreInformationRequested => {
            "The operator has a question about your application. Answer it on the application page."
        }
        ApplicationState::Declined => {
            "Your application was declined. Read why on the application page; you may apply again."
        }
        ApplicationState::Suspended => "Your developer account is suspended. Read why on the application page.",
        ApplicationState::Approved => "Your developer account is approved.",
    }
}

fn closed(state: ApplicationState) -> &'static str {
    match state {
        ApplicationState::InReview => "Your application is already being reviewed.",
        ApplicationState::Approved => "Your developer account is already approved.",
        _ => "Your developer account is suspended. Read why on the application page.",
    }
}

fn not_found(missing: Missing) -> &'static str {
    match missing {
        Missing::Route => "There is no such page in the portal API. See /openapi.json for those there are.",
        Missing::Page => "There is no page at this address. The portal begins at /.",
        Missing::Account => "There is no such account.",
        Missing::Session => "There is no such session, or it has ended.",
        Missing::Project => "There is no such Project among yours.",
        Missing::App => "There is no such App among yours.",
        Missing::Grant => "No such App acts for you. Load the page again.",
        Missing::Credential => "The App has no such credential. Load the page again.",
    }
}
