use crate::page::credentials::origin;
use crate::ui::CodeBlock;
use leptos::prelude::*;

/// The three steps to a user's Access Token, then a call with it.
#[component]
pub fn ActWithOAuth1(path: String) -> impl IntoView {
    view! {
        <section class="card prose-card" aria-labelledby="oauth1">
            <h2 id="oauth1" tabindex="-1">"Act for a user with OAuth 1.0a"</h2>
            <p>"Switch it on under Permissions and sign-in on your App’s page, and register a callback URL under Settings. Then, in three steps:"</p>
            <ol class="docs-steps">
                <li><code>"POST /oauth/request_token"</code> " gives a request token, which works for 15 minutes."</li>
                <li>"Send the user to " <code>"/oauth/authorize"</code> ". They agree, and come back to your callback URL with an " <code>"oauth_verifier"</code> "."</li>
                <li><code>"POST /oauth/access_token"</code> " gives the user’s Access Token and Secret. Keep them: they work until the user revokes them."</li>
            </ol>
            <p>"In Python, with requests-oauthlib:"</p>
            <CodeBlock what="sign-in with OAuth 1.0a in Python" code=three_steps(&path)/>
            <p>"An App without a place to come back to uses a PIN. The user types it into the App:"</p>
            <CodeBlock what="sign-in by PIN in Python" code=by_pin()/>
            <p class="hint">"For signing in, send users to " <code>"/oauth/authenticate"</code> " instead: whoever agreed before comes back at once. Both addresses take " <code>"force_login=true"</code> " and " <code>"screen_name"</code> "."</p>
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
