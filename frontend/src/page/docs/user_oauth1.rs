//! Documents how an App acts for a user with OAuth 1.0a.

use super::marked::marked;
use super::text;
use crate::ui::CodeBlock;
use crate::widget::sample_call::origin;
use leptos::prelude::*;

/// The three steps to a user's Access Token, then a call with it.
#[component]
pub fn ActWithOAuth1(path: String) -> impl IntoView {
    view! {
        <section class="card prose-card" aria-labelledby="oauth1">
            <h2 id="oauth1" tabindex="-1">{text::OAUTH1_TITLE}</h2>
            <p>{text::OAUTH1_TEXT}</p>
            <ol class="docs-steps">{text::OAUTH1_STEPS.map(|step| view! { <li>{marked(step)}</li> })}</ol>
            <p>{text::OAUTH1_PYTHON}</p>
            <CodeBlock what="sign-in with OAuth 1.0a in Python" code=three_steps(&path)/>
            <p>{text::OAUTH1_PIN}</p>
            <CodeBlock what="sign-in by PIN in Python" code=by_pin()/>
            <p class="hint">{marked(text::OAUTH1_HINT)}</p>
        </section>
    }
}

fn three_steps(path: &str) -> String {
    let origin = origin();
    format!(
        "import os\n\
         from requests_oauthlib import OAuth1Session\n\n\
         session = OAuth1Session(\n    os.environ[\"API_KEY\"],\n    os.environ[\"API_KEY_SECRET\"],\n    \
         callback_uri=\"https://example.com/callback\",\n)\n\
         session.fetch_request_token(\"{origin}/oauth/request_token\")\n\
         print(\"Open\", session.authorization_url(\"{origin}/oauth/authorize\"))\n\n\
         session.parse_authorization_response(input(\"Where did it send you? \"))\n\
         token = session.fetch_access_token(\"{origin}/oauth/access_token\")\n\
         print(token[\"screen_name\"], token[\"oauth_token\"], token[\"oauth_token_secret\"])\n\
         print(session.get(\"{origin}{path}\").json())"
    )
}

fn by_pin() -> String {
    let origin = origin();
    format!(
        "session = OAuth1Session(\n    os.environ[\"API_KEY\"],\n    os.environ[\"API_KEY_SECRET\"],\n    \
         callback_uri=\"oob\",\n)\n\
         session.fetch_request_token(\"{origin}/oauth/request_token\")\n\
         print(\"Open\", session.authorization_url(\"{origin}/oauth/authorize\"))\n\
         token = session.fetch_access_token(\"{origin}/oauth/access_token\", verifier=input(\"PIN: \"))"
    )
}
