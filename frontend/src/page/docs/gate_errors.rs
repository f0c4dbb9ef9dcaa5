use leptos::prelude::*;

/// Status, what the answer says, and what to do.
const ANSWERS: [(&str, &str, &str); 20] = [
    ("400", "Bad Authentication data (215)", "Send credentials: the header is missing or has another form."),
    (
        "401",
        "Unauthorized, or Could not authenticate you (32)",
        "Check the API Key, both Secrets and what was signed. A request may be sent only once.",
    ),
    (
        "401",
        "Invalid or expired token (89)",
        "The token is mistyped, was regenerated or revoked, or its App was deleted.",
    ),
    ("401", "Timestamp out of bounds (135)", "Set the clock of the machine that signs."),
    ("401", "Invalid / suspended application (416)", "The operator suspended the App. Its page says why."),
    ("403", "Your account is suspended (64)", "The application page says why."),
    ("403", "Your credentials do not allow access to this resource (220)", "The route needs a user: sign the request."),
    (
        "403",
        "This App is not allowed to access or delete your Direct Messages (93)",
        "Raise the App’s permission, then regenerate the Access Token.",
    ),
    ("403", "client-not-enrolled", "The App is standalone. Attach it to a Project on its page."),
    (
        "403",
        "Application cannot perform write actions (261), or oauth1-permissions",
        "Raise the App’s permission on its page, then regenerate the Access Token.",
    ),
    (
        "403",
        "Unsupported Authentication",
        "The route takes another kind of credential. The answer names those it takes.",
    ),
    ("403", "Unable to verify your credentials (99)", "The API Key or its Secret is wrong at /oauth2/token."),
    ("403", "Missing required parameter: grant_type (170)", "Send grant_type=client_credentials in a form body."),
    (
        "403",
        "Callback URL not approved for this client application (415)",
        "Register exactly that callback URL on the App’s Settings.",
    ),
    (
        "401",
        "Desktop applications only support the oauth_callback value 'oob' (417)",
        "The App has no callback URL: register one, or use the PIN.",
    ),
    ("404", "Sorry, that page does not exist (34)", "Check the path and the version."),
    (
        "429",
        "Rate limit exceeded (88), or Too Many Requests",
        "The window is used up. Wait until x-rate-limit-reset, in seconds since 1970; at the token endpoints as long as Retry-After says.",
    ),
    ("429", "UsageCapExceeded", "The Project has used its month. Its page shows when the next one begins."),
    ("502", "Internal error (131)", "The API behind the gate did not answer. A write may have been done all the same."),
    (
        "504",
        "Internal error (131)",
        "The API did not begin to answer in time. A write may have been done all the same.",
    ),
];

#[component]
pub fn GateErrors() -> impl IntoView {
    view! {
        <section class="card card-list" aria-labelledby="errors">
            <div class="card-head">
                <div>
                    <h2 id="errors" tabindex="-1">"Errors"</h2>
                    <p class="hint">"Every refusal carries the header " <code>"x-gatehouse-request-id"</code> ". Look it up on your App’s page, under Refusals: there is the exact reason. " <a href="/docs/errors">"Errors of this portal"</a> " have pages of their own."</p>
                </div>
            </div>
            <table class="table">
                <thead><tr><th scope="col">"Status"</th><th scope="col">"Answer"</th><th scope="col">"What to do"</th></tr></thead>
                <tbody>
                    {ANSWERS.into_iter().map(|(status, answer, advice)| view! {
                        <tr><td><code>{status}</code></td><td>{answer}</td><td>{advice}</td></tr>
                    }).collect_view()}
                </tbody>
            </table>
        </section>
    }
}
