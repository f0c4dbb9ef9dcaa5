use super::{origin, text};
use crate::state::use_description;
use crate::ui::CodeBlock;
use gatehouse_shared::model::CredentialForm;
use leptos::prelude::*;

/// How a request is signed with what was just shown.
#[component]
pub fn SignIt(in_project: bool) -> impl IntoView {
    let description = use_description();
    move || {
        let route =
            description.with(|api| super::first_route(api, in_project, CredentialForm::OAuth1User)).flatten()?;
        Some(view! {
            <section class="card" aria-labelledby="sign-title">
                <h2 id="sign-title" class="card-title">"Sign a request"</h2>
                <p class="hint">{text::SIGN_HINT}</p>
                <CodeBlock code=python(&route.path) what="signed call in Python"/>
            </section>
        })
    }
}

/// A signed call in Python.
pub fn python(path: &str) -> String {
    format!(
        "import os\n\
         from requests_oauthlib import OAuth1Session\n\n\
         session = OAuth1Session(\n    os.environ[\"API_KEY\"],\n    os.environ[\"API_KEY_SECRET\"],\n    \
         os.environ[\"ACCESS_TOKEN\"],\n    os.environ[\"ACCESS_TOKEN_SECRET\"],\n)\n\
         print(session.get(\"{}{path}\").json())",
        origin()
    )
}

/// A signed call in JavaScript.
pub fn javascript(path: &str) -> String {
    format!(
        "import {{ createHmac }} from \"node:crypto\";\n\
         import OAuth from \"oauth-1.0a\";\n\n\
         const {{ API_KEY, API_KEY_SECRET, ACCESS_TOKEN, ACCESS_TOKEN_SECRET }} = process.env;\n\
         const oauth = OAuth({{\n  consumer: {{ key: API_KEY, secret: API_KEY_SECRET }},\n  \
         signature_method: \"HMAC-SHA1\",\n  \
         hash_function: (text, key) => createHmac(\"sha1\", key).update(text).digest(\"base64\"),\n}});\n\
         const request = {{ url: \"{}{path}\", method: \"GET\" }};\n\
         const token = {{ key: ACCESS_TOKEN, secret: ACCESS_TOKEN_SECRET }};\n\
         const headers = oauth.toHeader(oauth.authorize(request, token));\n\
         console.log(await (await fetch(request.url, {{ headers }})).json());",
        origin()
    )
}
