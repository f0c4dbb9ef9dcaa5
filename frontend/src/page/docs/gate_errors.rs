use leptos::prelude::*;

/// Status, what the answer says, and what to do.
const ANSWERS: [(&str, &str, &str); 8] = [
    ("400", "Bad Authentication data (215)", "Send credentials: the header is missing or has another form."),
    (
        "401",
        "Unauthorized, or Could not authenticate you (32)",
        "Check the credential. It is mistyped, was regenerated, or its App was deleted.",
    ),
    ("403", "client-not-enrolled", "The App is standalone. Attach it to a Project on its page."),
    (
        "403",
        "Application cannot perform write actions (261), or oauth1-permissions",
        "The App may only read. Raise its permission level on its page.",
    ),
    (
        "403",
        "Unsupported Authentication",
        "The route takes another kind of credential. The answer names those it takes.",
    ),
    ("403", "Unable to verify your credentials (99)", "The API Key or its Secret is wrong at /oauth2/token."),
    ("404", "Sorry, that page does not exist (34)", "Check the path and the version."),
    ("429", "Rate limit exceeded (88)", "Wait as long as Retry-After says, then try again."),
];

#[component]
pub fn GateErrors() -> impl IntoView {
    view! {
        <section class="card card-list" aria-labelledby="errors">
            <div class="card-head">
                <div>
                    <h2 id="errors" tabindex="-1">"Errors"</h2>
                    <p class="hint">"Every refusal carries the header " <code>"x-gatehouse-request-id"</code> ". Quote it when you ask for help. " <a href="/docs/errors">"Errors of this portal"</a> " have pages of their own."</p>
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
