use crate::page::credentials::origin;
use crate::ui::CodeBlock;
use gatehouse_shared::api::ScopeSummary;
use gatehouse_shared::description::OFFLINE_SCOPE;
use gatehouse_shared::model::Permission;
use leptos::prelude::*;

/// The authorization code with PKCE, and what one does with the tokens.
#[component]
pub fn ActWithOAuth2(
    scopes: Vec<ScopeSummary>,
    /// A call with a user's access token, where a route takes it.
    #[prop(optional_no_strip)]
    example: Option<String>,
) -> impl IntoView {
    let first = scopes.first().map(|scope| scope.name.clone()).unwrap_or_default();
    view! {
        <section class="card prose-card" aria-labelledby="oauth2">
            <h2 id="oauth2" tabindex="-1">"Act for a user with OAuth 2.0"</h2>
            <p>"Say where your App runs under Permissions and sign-in on its page: that gives it a Client ID. Register the callback URL under Settings. It is the authorization code grant, always with PKCE and S256."</p>
            <h3>"1. Make a secret for this one sign-in"</h3>
            <CodeBlock what="PKCE verifier and challenge" code=PKCE.to_owned()/>
            <h3>"2. Send the user to the consent page"</h3>
            <CodeBlock what="address of the consent page" code=consent_address(&first)/>
            <p>"They come back to your callback URL with " <code>"code"</code> " and " <code>"state"</code> ". Check that the state is yours. The code works once, for 30 seconds."</p>
            <h3>"3. Exchange the code for tokens"</h3>
            <CodeBlock what="token request with a code" code=exchange()/>
            <p>"That is a Web App or an Automated App. A Native App or a Single Page App has no secret: leave out " <code>"-u"</code> ", here and below, and send " <code>"-d client_id=$CLIENT_ID"</code> "."</p>
            {example.map(|code| view! {
                <h3>"4. Call the API"</h3>
                <CodeBlock what="call for a user" code/>
            })}
            <h3>"Refresh"</h3>
            <p>"An access token works for 2 hours. With " <code>{OFFLINE_SCOPE}</code> " you get a refresh token too. Each answer has the next one: use that from then on. If an answer gets lost, send the same refresh token again within an hour. An older one ends them all."</p>
            <CodeBlock what="token request with a refresh token" code=refresh()/>
            <h3>"Revoke"</h3>
            <CodeBlock what="revocation of a token" code=revoke()/>
            <h3 id="scopes" tabindex="-1">"Scopes"</h3>
            <p>"Ask for what you need, with spaces between. Each needs at least that permission of your App."</p>
            <Scopes scopes/>
        </section>
    }
}

#[component]
fn Scopes(scopes: Vec<ScopeSummary>) -> impl IntoView {
    let offline = ScopeSummary {
        name: OFFLINE_SCOPE.into(),
        text: "Keep access after 2 hours, with a refresh token.".into(),
        permission: Permission::Read,
    };
    let listed = scopes.iter().any(|scope| scope.name == OFFLINE_SCOPE);
    let rows = scopes.into_iter().chain((!listed).then_some(offline));
    view! {
        <table class="table docs-scopes">
            <thead><tr><th scope="col">"Scope"</th><th scope="col">"Allows"</th><th scope="col">"Permission"</th></tr></thead>
            <tbody>
                {rows.map(|scope| view! {
                    <tr><td><code>{scope.name}</code></td><td>{scope.text}</td><td>{scope.permission.label()}</td></tr>
                }).collect_view()}
            </tbody>
        </table>
    }
}

const PKCE: &str = "CODE_VERIFIER=$(openssl rand -hex 32)\n\
    CODE_CHALLENGE=$(printf %s \"$CODE_VERIFIER\" | openssl dgst -sha256 -binary \\\n  \
    | openssl base64 -A | tr '+/' '-_' | tr -d =)\n\
    STATE=$(openssl rand -hex 16)";

fn consent_address(scope: &str) -> String {
    // A scope's name may hold what means something else in a query, such as a plus.
    let scope: String = js_sys::encode_uri_component(scope).into();
    format!(
        "echo \"{}/i/oauth2/authorize?response_type=code\\\n\
         &client_id=$CLIENT_ID\\\n\
         &redirect_uri=https%3A%2F%2Fexample.com%2Fcallback\\\n\
         &scope={scope}%20{OFFLINE_SCOPE}\\\n\
         &state=$STATE\\\n\
         &code_challenge=$CODE_CHALLENGE&code_challenge_method=S256\"",
        origin()
    )
}

fn exchange() -> String {
    to_token_endpoint(
        "-d grant_type=authorization_code \\\n  -d code=\"$CODE\" \\\n  \
         --data-urlencode redirect_uri=https://example.com/callback \\\n  -d code_verifier=\"$CODE_VERIFIER\"",
        "token",
    )
}

fn refresh() -> String {
    to_token_endpoint("-d grant_type=refresh_token \\\n  -d refresh_token=\"$REFRESH_TOKEN\"", "token")
}

fn revoke() -> String {
    to_token_endpoint("-d token=\"$ACCESS_TOKEN\"", "revoke")
}

fn to_token_endpoint(fields: &str, endpoint: &str) -> String {
    format!("curl -u \"$CLIENT_ID:$CLIENT_SECRET\" \\\n  {fields} \\\n  {}/2/oauth2/{endpoint}", origin())
}
