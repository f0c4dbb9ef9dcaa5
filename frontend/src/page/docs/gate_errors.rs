//! Documents the errors of the API.

use super::marked::{marked, table};
use super::text;
use leptos::prelude::*;

/// The status, the message of the response, and what to do.
const ANSWERS: [(&str, &str, &str); 20] = [
    ("400", "Bad Authentication data (215)", "Send credentials: the Authorization header is missing or malformed."),
    (
        "401",
        "Unauthorized, or Could not authenticate you (32)",
        "Check the API Key, both secrets, and what you signed. Use a new nonce for each request.",
    ),
    ("401", "Invalid or expired token (89)", "The token is mistyped, expired, or revoked, or its App was deleted."),
    ("401", "Timestamp out of bounds (135)", "Synchronize your machine’s clock."),
    ("401", "Invalid / suspended application (416)", "The App is suspended. See the reason on its page."),
    ("403", "Your account is suspended (64)", "See the reason under “Developer application” in the account menu."),
    (
        "403",
        "Your credentials do not allow access to this resource (220)",
        "This endpoint needs a user: sign the request with an Access Token.",
    ),
    (
        "403",
        "This App is not allowed to access or delete your Direct Messages (93)",
        "Raise the App’s permission, then regenerate the Access Token.",
    ),
    ("403", "client-not-enrolled", "The App is standalone. Attach it to a Project on its page."),
    (
        "403",
        "Application cannot perform write actions (261), or oauth1-permissions",
        "Raise the App’s permission, then regenerate the Access Token.",
    ),
    ("403", "Unsupported Authentication", "This endpoint accepts other kinds of credentials. The response lists them."),
    ("403", "Unable to verify your credentials (99)", "Check the API Key & Secret you sent to `/oauth2/token`."),
    ("403", "Missing required parameter: grant_type (170)", "Send `grant_type=client_credentials` in the form body."),
    (
        "403",
        "Callback URL not approved for this client application (415)",
        "Register exactly this callback URL under “Settings” on the App’s page.",
    ),
    (
        "401",
        "Desktop applications only support the oauth_callback value 'oob' (417)",
        "The App has no callback URL. Register one, or use a PIN.",
    ),
    ("404", "Sorry, that page does not exist (34)", "Check the path and the version."),
    (
        "429",
        "Rate limit exceeded (88), or Too Many Requests",
        "Wait as long as `retry-after` says. See “Rate limits” above.",
    ),
    ("429", "UsageCapExceeded", "The Project has reached its monthly cap. Its page shows when the next month begins."),
    (
        "502",
        "Internal error (131)",
        "The API behind the gateway didn’t respond. Check whether a write took effect before you retry it.",
    ),
    (
        "504",
        "Internal error (131)",
        "The API didn’t respond in time. Check whether a write took effect before you retry it.",
    ),
];

#[component]
pub fn GateErrors() -> impl IntoView {
    let rows = ANSWERS.into_iter().map(|(status, response, advice)| {
        vec![view! { <code>{status}</code> }.into_any(), response.into_any(), marked(advice)]
    });
    let rows = rows.collect();
    view! {
        <section class="card card-list" aria-labelledby="errors">
            <div class="card-head">
                <div>
                    <h2 id="errors" tabindex="-1">{text::ERRORS}</h2>
                    <p class="hint">{marked(text::ERRORS_TEXT)} " " {text::PORTAL_ERRORS} <a href="/docs/errors">{text::ERROR_HELP}</a> "."</p>
                </div>
            </div>
            {table(&[text::STATUS, text::RESPONSE, text::WHAT_TO_DO], rows)}
        </section>
    }
}
