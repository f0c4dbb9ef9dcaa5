//! The API reference, written from the description of this deployment, and the help page of each error.

mod error_texts;
mod errors;
mod gate_errors;
mod limits;
mod marked;
mod text;
mod user_oauth1;
mod user_oauth2;

pub use errors::{ErrorListPage, ErrorPage};

use crate::layout::{Heading, Page};
use crate::state::use_description;
use crate::ui::{CardSkeleton, CodeBlock, Notice, Tag, Tone};
use crate::widget::sample_call::{curl, first_route, javascript, origin, python};
use crate::widget::{Loaded, MethodTag};
use gate_errors::GateErrors;
use gatehouse_shared::api::{ApiSummary, RouteSummary, VersionSummary};
use gatehouse_shared::model::CredentialForm;
use leptos::prelude::*;
use limits::{FromBrowsers, RateLimits, limit_words};
use marked::marked;
use user_oauth1::ActWithOAuth1;
use user_oauth2::ActWithOAuth2;

#[component]
pub fn DocsPage() -> impl IntoView {
    let description = use_description();
    let ready = Signal::derive(move || description.0.is_settled());
    let lead = Signal::derive(move || text::lead(&description.name()));
    view! {
        <Page name="docs" title=text::TITLE ready>
            <Heading title=text::TITLE lead/>
            <Loaded remote=description.0 skeleton=|| view! { <CardSkeleton/> }.into_any() children=Box::new(move |api| {
                view! { <Reference api/> }.into_any()
            })/>
        </Page>
    }
}

#[component]
fn Reference(api: Memo<ApiSummary>) -> impl IntoView {
    let api = api.get_untracked();
    let example = first_route(&api, true, CredentialForm::BearerToken);
    let example = example.map(|route| curl("GET", &route.path, "$BEARER_TOKEN"));
    let signed = first_route(&api, true, CredentialForm::OAuth1User).map(|route| route.path);
    let user_call = first_route(&api, true, CredentialForm::OAuth2User);
    let user_call = user_call.map(|route| curl("GET", &route.path, "$ACCESS_TOKEN"));
    let scopes = api.scopes.clone();
    let names: Vec<String> = api.versions.iter().map(|version| version.name.clone()).collect();
    view! {
        <div class="docs">
            <nav class="docs-nav" aria-label=text::ON_THIS_PAGE>
                <ul>
                    <li><a href="#call" rel="external">{text::CALL}</a></li>
                    <li><a href="#sign" rel="external">{text::SIGN}</a></li>
                    {signed.is_some().then(|| view! { <li><a href="#oauth1" rel="external">{text::OAUTH1}</a></li> })}
                    {(!scopes.is_empty()).then(|| view! { <li><a href="#oauth2" rel="external">{text::OAUTH2}</a></li> })}
                    {names.into_iter().map(|name| view! { <li><a href=format!("#{name}") rel="external">{name.clone()}</a></li> }).collect_view()}
                    <li><a href="#browser" rel="external">{text::BROWSER}</a></li>
                    <li><a href="#limits" rel="external">{text::LIMITS}</a></li>
                    <li><a href="#errors" rel="external">{text::ERRORS}</a></li>
                </ul>
            </nav>
            <div class="stack stack-wide">
                <CallTheApi example/>
                {signed.map(|path| view! { <SignRequests path=path.clone()/> <ActWithOAuth1 path/> })}
                {(!scopes.is_empty()).then(|| view! { <ActWithOAuth2 scopes example=user_call/> })}
                {api.versions.into_iter().map(|version| view! { <Version version/> }).collect_view()}
                <FromBrowsers/>
                <RateLimits/>
                <GateErrors/>
            </div>
        </div>
    }
}

#[component]
fn CallTheApi(example: Option<String>) -> impl IntoView {
    let origin = origin();
    let token = format!(
        "curl -u \"$API_KEY:$API_KEY_SECRET\" \\\n  -d grant_type=client_credentials \\\n  {origin}/oauth2/token"
    );
    view! {
        <section class="card" aria-labelledby="call" >
            <h2 id="call" class="card-title" tabindex="-1">{text::CALL}</h2>
            <p>{marked(text::CALL_TEXT)}</p>
            {example.map(|code| view! { <CodeBlock what="call with a Bearer Token" code/> })}
            <p>{text::CALL_AGAIN}</p>
            <CodeBlock what="token request" code=token/>
        </section>
    }
}

#[component]
fn SignRequests(path: String) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="sign">
            <h2 id="sign" class="card-title" tabindex="-1">{text::SIGN_TITLE}</h2>
            <p>{text::SIGN_TEXT}</p>
            <CodeBlock what="signed call in Python" code=python(&path)/>
            <p>{text::IN_JAVASCRIPT}</p>
            <CodeBlock what="signed call in JavaScript" code=javascript(&path)/>
            <p class="hint">{marked(text::SIGN_HINT)}</p>
        </section>
    }
}

#[component]
fn Version(version: VersionSummary) -> impl IntoView {
    let id = version.name.clone();
    view! {
        <section class="stack" aria-labelledby=id.clone()>
            <div class="card-head">
                <h2 id=id.clone() tabindex="-1">{version.name.clone()} " " <code class="prefix">{version.prefix}</code></h2>
                {if version.needs_project {
                    view! { <Tag tone=Tone::Info text=text::NEEDS_PROJECT/> }
                } else {
                    view! { <Tag tone=Tone::Good text=text::EVERY_APP/> }
                }}
            </div>
            {version.needs_project.then(|| view! {
                <Notice tone=Tone::Info>
                    <p>{text::NEEDS_PROJECT_TEXT}</p>
                </Notice>
            })}
            {version.routes.into_iter().map(|route| view! { <RouteCard route/> }).collect_view()}
        </section>
    }
}

#[component]
fn RouteCard(route: RouteSummary) -> impl IntoView {
    let example = route
        .methods
        .first()
        .filter(|_| route.credentials.contains(&CredentialForm::BearerToken))
        .map(|method| curl(method, &sample_path(&route.path), "$BEARER_TOKEN"));
    view! {
        <article class="card route">
            <h3 class="route-name">
                {route.methods.iter().map(|method| view! { <MethodTag method=method.clone()/> }).collect_view()}
                <code>{route.path.clone()}</code>
            </h3>
            <p>{route.summary}</p>
            <dl class="facts">
                <dt>{text::PERMISSION}</dt><dd>{route.permission.label()}</dd>
                <dt>{text::CREDENTIALS}</dt>
                <dd>{route.credentials.iter().map(|form| credential_words(*form)).collect::<Vec<_>>().join(", ")}</dd>
                {(!route.scopes.is_empty()).then(|| view! { <dt>{text::SCOPES}</dt><dd><code>{route.scopes.join(" ")}</code></dd> })}
                {limit_words(&route.limit).map(|words| view! { <dt>{text::RATE_LIMIT}</dt><dd>{words}</dd> })}
            </dl>
            {example.map(|code| view! { <CodeBlock what=format!("call of {}", route.path) code/> })}
        </article>
    }
}

fn credential_words(form: CredentialForm) -> &'static str {
    match form {
        CredentialForm::BearerToken => "Bearer Token",
        CredentialForm::OAuth1User => "OAuth 1.0a user",
        CredentialForm::OAuth2User => "OAuth 2.0 user",
    }
}

/// A path for a shell: each parameter is a variable of it.
fn sample_path(path: &str) -> String {
    let part = |part: &str| part.strip_prefix(':').map_or(part.to_owned(), |name| format!("${}", name.to_uppercase()));
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::sample_path;

    #[test]
    fn a_parameter_of_a_sample_call_is_a_variable_to_fill_in() {
        assert_eq!(sample_path("/2/users/by/username/:name"), "/2/users/by/username/$NAME");
        assert_eq!(sample_path("/2/notes"), "/2/notes");
    }
}
