//! Writes sample calls of the API: with curl, and signed with OAuth 1.0a in Python and JavaScript.

use gatehouse_shared::api::{ApiSummary, RouteSummary};
use gatehouse_shared::model::CredentialForm;
use leptos::prelude::window;

/// Finds a GET route without parameters for a form of credential, in the newest version that the App may call.
pub fn first_route(api: &ApiSummary, in_project: bool, form: CredentialForm) -> Option<RouteSummary> {
    let open = api.versions.iter().filter(|version| in_project || !version.needs_project);
    open.rev()
        .flat_map(|version| &version.routes)
        .find(|route| {
            route.methods.iter().any(|method| method == "GET")
                && route.credentials.contains(&form)
                && !route.path.contains(':')
        })
        .cloned()
}

/// The origin of the portal, which is the origin of the API too.
pub fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// Writes the curl command that calls a route with a Bearer Token.
pub fn curl(method: &str, path: &str, token: &str) -> String {
    let origin = origin();
    let (flag, body) = match method {
        "GET" => (String::new(), ""),
        "DELETE" => ("-X DELETE ".to_owned(), ""),
        _ => (format!("-X {method} "), "--json @body.json "),
    };
    format!("curl {flag}-H \"Authorization: Bearer {token}\" \\\n  {body}{origin}{path}")
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
