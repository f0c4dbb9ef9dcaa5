//! Shows where an App comes from.

use crate::ui::{OuterLink, Tag};
use gatehouse_shared::api::ConsentApp;
use gatehouse_shared::model::Environment;
use leptos::prelude::*;

const BY: &str = "by ";
const DEVELOPER: &str = "Developer: ";
/// For an App that its developer has not put into production.
const IN_DEVELOPMENT: &str = "In development";

/// Shows the website, the organization and the developer account of an App in a line, and whether it is in development.
#[component]
pub fn AboutApp(app: ConsentApp) -> impl IntoView {
    let website = (!app.website_url.is_empty()).then(|| {
        let text = short_address(&app.website_url).to_owned();
        view! { <OuterLink href=app.website_url text/> }
    });
    let (name, url) = (app.organization_name, app.organization_url);
    let by = match (name.is_empty(), url.is_empty()) {
        (true, true) => None,
        (true, false) => Some(view! { <OuterLink href=url.clone() text=short_address(&url)/> }.into_any()),
        (false, true) => Some(name.into_any()),
        (false, false) => Some(view! { <OuterLink href=url text=name/> }.into_any()),
    };
    let is_unfinished = app.environment.is_some_and(|environment| environment != Environment::Production);
    view! {
        <p class="about-app">
            {website}
            {by.map(|by| view! { <span>{BY} {by}</span> })}
            <span>{DEVELOPER} {app.developer_name}</span>
            {is_unfinished.then(|| view! { <Tag text=IN_DEVELOPMENT/> })}
        </p>
    }
}

/// An address without its scheme and last slash.
fn short_address(url: &str) -> &str {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).unwrap_or(url);
    rest.strip_suffix('/').unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::short_address;

    #[test]
    fn an_address_is_written_without_its_scheme_and_last_slash() {
        for (url, wanted) in [
            ("https://weather.example/", "weather.example"),
            ("http://weather.example/about/", "weather.example/about"),
            ("weather.example", "weather.example"),
        ] {
            assert_eq!(short_address(url), wanted);
        }
    }
}
