use gatehouse_shared::problem::Code;

/// What happened, and how to fix it.
pub fn help(code: Code) -> (&'static str, &'static str) {
    match code {
        Code::InvalidFields => (
            "One or more fields of the request break a rule. Nothing was changed.",
            "Read `errors` in the answer: each entry names a field by its JSON path, the rule it breaks, and what to enter instead.",
        ),
        Code::MalformedBody => (
            "The body of the request is not JSON, or has fields that the endpoint does not know.",
            "Compare the body with the API document. Every field name must match, and nothing may be added.",
        ),
        Code::UnsupportedMediaType => {
            ("The request has a body that is not marked as JSON.", "Send the header `Content-Type: application/json`.")
        }
        Code::BodyTooLarge => ("The body is larger than 64 KiB.", "Send less. No field of this API needs that much."),
        Code::CrossSiteRequest => (
            "A request that changes something came from another site, or did not say where it came from.",
            "Use the portal itself. From a program, send an `Origin` header with the address of this portal.",
        ),
        Code::NotSignedIn => (
            "The call needs a session, and there is none, or it has ended.",
            "Sign in again. Sessions end after a while, when the password changes, and when you end them on the account page.",
        ),
        Code::WrongCredentials => (
            "The name or the password is wrong. For your safety the answer does not say which.",
            "Check for typing mistakes and the Caps Lock key. You can use your username or your e-mail address.",
        ),
        Code::NotOperator => (
            "This part of the portal is for the people who run the API.",
            "Sign in with an operator’s account, or go back to your dashboard.",
        ),
        Code::NotApproved => (
            "Your developer account is not approved, so it can’t create or change Projects and Apps.",
            "Open Developer application in the account menu: it shows where your application stands and what to do next.",
        ),
        Code::NotFound => (
            "There is no such thing in your account. It may have been deleted.",
            "Check the address, or start from your dashboard.",
        ),
        Code::MethodNotAllowed => (
            "The address exists, but takes another method.",
            "Use one of the methods in the `Allow` header of the answer.",
        ),
        Code::NameTaken => (
            "The username, e-mail address or App name is in use already. Names are compared without case and spaces.",
            "Choose another name. If it is your own account, sign in instead.",
        ),
        Code::LimitReached => (
            "Your plan has no room for another Project or App.",
            "Delete one that you no longer use, or ask the operator for more.",
        ),
        Code::Conflict => (
            "What you asked for does not fit the present state, for example deleting a Project that still has Apps.",
            "Reload the page to see how things stand now, then try again.",
        ),
        Code::TooManyRequests => ("There were too many tries in a short time.", "Wait a minute, then try again."),
        Code::Unavailable => (
            "A part of the service did not answer in time. Nothing is lost.",
            "Try again in a moment. Repeating the same request is safe.",
        ),
        Code::InternalError => (
            "Something went wrong on our side.",
            "Try again. If it happens again, tell the operator the request id that the message shows.",
        ),
    }
}
