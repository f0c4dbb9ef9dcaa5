use crate::state::use_description;
use crate::ui::CodeBlock;
use gatehouse_shared::api::{ApiSummary, RouteSummary};
use gatehouse_shared::model::CredentialForm;
use leptos::prelude::*;

/// A call that works with the token just shown.
#[component]
pub fn TryIt(token: String, in_project: bool) -> impl IntoView {
    let description = use_description();
    move || {
        let route = description.with(|api| first_route(api, in_project, CredentialForm::BearerToken)).flatten()?;
        let command = curl("GET", &route.path, &token);
        Some(view! {
            <section class="card" aria-labelledby="try-title">
                <h2 id="try-title" class="card-title">"Try it"</h2>
                <p class="hint">"Calls " <code>{route.path.clone()}</code> " with the new Bearer Token."</p>
                <CodeBlock code=command what="curl command"/>
            </section>
        })
    }
}

/// The command that calls a route with a Bearer Token.
pub fn curl(method: &str, path: &str, token: &str) -> String {
    let origin = origin();
    let (flag, body) = match method {
        "GET" => (String::new(), ""),
        "DELETE" => ("-X DELETE ".to_owned(), ""),
        _ => (format!("-X {method} "), "--json @body.json "),
    };
    format!("curl {flag}-H \"Authorization: Bearer {token}\" \\\n  {body}{origin}{path}")
}

/// Where this portal is, and the API with it.
pub fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// A route without parameters that may be read with such credentials; of the newest version that is open to the App.
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
