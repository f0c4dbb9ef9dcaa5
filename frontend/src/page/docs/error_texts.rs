//! The help text of each error code.

use gatehouse_shared::problem::Code;

const ROLE_TOO_LOW: (&str, &str) = (
    "Your role in this developer account doesn’t allow this. Viewers can look, Developers create and change, Admins also delete, and Owners answer for the developer account.",
    "Ask an Owner or Admin of the developer account to change your role, or to do this for you.",
);

/// What happened, and how to fix it.
pub fn help(code: Code) -> (&'static str, &'static str) {
    match code {
        Code::InvalidFields => (
            "One or more fields of the request are invalid. Nothing was changed.",
            "See `errors` in the response: each entry names a field by its JSON path, the rule it breaks, and what to enter instead.",
        ),
        Code::MalformedBody => (
            "The request body isn’t valid JSON or has fields that this endpoint doesn’t know.",
            "Compare the body with the API document at `/openapi.json`. Field names must match exactly, and no others are allowed.",
        ),
        Code::UnsupportedMediaType => {
            ("The request has a body that isn’t marked as JSON.", "Send the header `Content-Type: application/json`.")
        }
        Code::BodyTooLarge => ("The request body is larger than 64 KiB.", "Send a smaller body."),
        Code::CrossSiteRequest => (
            "A request that changes something came from another site, or didn’t say where it came from.",
            "Use the portal itself. From a program, send an `Origin` header with this portal’s address.",
        ),
        Code::NotSignedIn => (
            "You’re not signed in, or your session has ended.",
            "Sign in again. Sessions end after a while, when you change your password, and when you end them on the account page.",
        ),
        Code::WrongCredentials => (
            "The username or the password is wrong. For your security, we don’t say which.",
            "Check for typos and Caps Lock. You can use your username or your email address.",
        ),
        Code::NotOperator => (
            "Only the people who run this API can open this part of the portal.",
            "Sign in as an operator, or go back to your dashboard.",
        ),
        Code::NotApproved => (
            "Your developer account isn’t approved, so you can’t create or change Projects and Apps.",
            "Open “Developer application” in the account menu to see its status and what to do next.",
        ),
        Code::RoleTooLow => ROLE_TOO_LOW,
        Code::AccountSuspended => (
            "An operator suspended this account. Nobody can sign in with it, and its Apps are stopped.",
            "The message shows the operator’s reason. Ask them what has to happen before the account is reinstated.",
        ),
        Code::NotFound => (
            "This doesn’t exist in your account. It may have been deleted.",
            "Check the address, or start from your dashboard.",
        ),
        Code::MethodNotAllowed => (
            "This path exists but doesn’t support the request’s method.",
            "Use one of the methods in the response’s `Allow` header.",
        ),
        Code::NameTaken => (
            "The username, email address, or App name is already taken. Names are compared without case and spaces.",
            "Choose a different one. If it’s your own account, sign in instead.",
        ),
        Code::LimitReached => (
            "You’ve reached the number of Projects or Apps that your plan allows.",
            "Delete one you no longer need, or ask the operator for more.",
        ),
        Code::Conflict => (
            "The request doesn’t fit the current state. For example, you can’t delete a Project that still has Apps.",
            "Reload the page to see the current state, then try again.",
        ),
        Code::ConsentChanged => (
            "The App’s developer changed what the App asks for after you opened the consent page. Nothing was shared.",
            "Reload the consent page, read what the App asks for now, then decide.",
        ),
        Code::ChangedMeanwhile => (
            "The App or the Project was changed after you opened it, in another window or by somebody else. Nothing was saved.",
            "Read it again, check what changed, and send your change with the new `version`.",
        ),
        Code::TooManyRequests => ("There were too many attempts in a short time.", "Wait a minute, then try again."),
        Code::Unavailable => (
            "Part of the service didn’t respond in time.",
            "Reload the page to see whether your change was saved, then try again.",
        ),
        Code::InternalError => (
            "Something went wrong on our side.",
            "Try again. If it keeps happening, give the operator the request ID from the error message.",
        ),
    }
}
