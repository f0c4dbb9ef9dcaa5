//! Documents how an App acts for a user with OAuth 2.0.

use super::marked::{marked, table};
use super::text;
use crate::ui::CodeBlock;
use crate::widget::sample_call::origin;
use gatehouse_shared::description::OFFLINE_SCOPE;
use gatehouse_shared::model::{Permission, ScopeSummary};
use leptos::prelude::*;

/// Documents the authorization code flow with PKCE, and the tokens.
#[component]
pub fn ActWithOAuth2(
    scopes: Vec<ScopeSummary>,
    /// A call with the access token of a user, if a route accepts it.
    #[prop(optional_no_strip)]
    example: Option<String>,
) -> impl IntoView {
    let first = scopes.first().map(|scope| scope.name.clone()).unwrap_or_default();
    view! {
        <section class="card prose-card" aria-labelledby="oauth2">
            <h2 id="oauth2" tabindex="-1">{text::OAUTH2_TITLE}</h2>
            <p>{text::OAUTH2_TEXT}</p>
            <h3>{text::OAUTH2_PKCE}</h3>
            <CodeBlock what="PKCE verifier and challenge" code=PKCE.to_owned()/>
            <h3>{text::OAUTH2_SEND}</h3>
            <CodeBlock what="address of the consent page" code=consent_address(&first)/>
            <p>{marked(text::OAUTH2_RETURN)}</p>
            <p>{marked(text::OAUTH2_ISSUER)}</p>
            <h3>{text::OAUTH2_EXCHANGE}</h3>
            <CodeBlock what="token request with a code" code=exchange()/>
            <p>{marked(text::OAUTH2_PUBLIC)}</p>
            {example.map(|code| view! {
                <h3>{text::OAUTH2_CALL}</h3>
                <CodeBlock what="call for a user" code/>
            })}
            <h3>{text::OAUTH2_REFRESH}</h3>
            <p>{marked(text::OAUTH2_REFRESH_TEXT)}</p>
            <CodeBlock what="token request with a refresh token" code=refresh()/>
            <h3>{text::OAUTH2_REVOKE}</h3>
            <CodeBlock what="revocation of a token" code=revoke()/>
            <h3 id="scopes" tabindex="-1">{text::SCOPES}</h3>
            <p>{text::SCOPES_TEXT}</p>
            <Scopes scopes/>
        </section>
    }
}

#[component]
fn Scopes(scopes: Vec<ScopeSummary>) -> impl IntoView {
    let offline = ScopeSummary { name: OFFLINE_SCOPE.into(), text: text::OFFLINE.into(), permission: Permission::Read };
    let listed = scopes.iter().any(|scope| scope.name == OFFLINE_SCOPE);
    let rows = scopes.into_iter().chain((!listed).then_some(offline));
    let rows = rows.map(|scope| {
        vec![view! { <code>{scope.name}</code> }.into_any(), scope.text.into_any(), scope.permission.label().into_any()]
    });
    let rows = rows.collect();
    view! { <div class="docs-table">{table(&[text::SCOPE, text::ALLOWS, text::PERMISSION], rows)}</div> }
}

const PKCE: &str = "CODE_VERIFIER=$(openssl rand -hex 32)\n\
    CODE_CHALLENGE=$(printf %s \"$CODE_VERIFIER\" | openssl dgst -sha256 -binary \\\n  \
    | openssl base64 -A | tr '+/' '-_' | tr -d =)\n\
    STATE=$(openssl rand -hex 16)";

fn consent_address(scope: &str) -> String {
    // Escape the name of a scope: it may contain a character with a meaning in a query, such as a plus.
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
