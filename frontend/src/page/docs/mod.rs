//! The API reference, made from the deployment's own description, and the help page of each error.

mod error_texts;
mod errors;
mod gate_errors;
mod user_oauth1;
mod user_oauth2;

pub use errors::{ErrorListPage, ErrorPage};

use crate::layout::{Heading, Page};
use crate::page::credentials::{curl, first_route, javascript, origin, python};
use crate::state::use_description;
use crate::ui::{CardSkeleton, CodeBlock, Loaded, MethodTag, Notice, Tag, Tone};
use crate::words::number;
use gate_errors::GateErrors;
use gatehouse_shared::api::{ApiSummary, RouteSummary, VersionSummary};
use gatehouse_shared::description::{CredentialForm, Limit};
use leptos::prelude::*;
use user_oauth1::ActWithOAuth1;
use user_oauth2::ActWithOAuth2;

#[component]
pub fn DocsPage() -> impl IntoView {
    let description = use_description();
    let ready = Signal::derive(move || description.0.is_settled());
    let lead = Signal::derive(move || format!("How to call {} with the credentials of your App.", description.name()));
    view! {
        <Page name="docs" title="API reference" ready>
            <Heading title="API reference" lead/>
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
            <nav class="docs-nav" aria-label="On this page">
                <ul>
                    <li><a href="#call" rel="external">"Call the API"</a></li>
                    <li><a href="#sign" rel="external">"Sign requests"</a></li>
                    {signed.is_some().then(|| view! { <li><a href="#oauth1" rel="external">"Users: OAuth 1.0a"</a></li> })}
                    {(!scopes.is_empty()).then(|| view! { <li><a href="#oauth2" rel="external">"Users: OAuth 2.0"</a></li> })}
                    {names.into_iter().map(|name| view! { <li><a href=format!("#{name}") rel="external">{name.clone()}</a></li> }).collect_view()}
                    <li><a href="#errors" rel="external">"Errors"</a></li>
                </ul>
            </nav>
            <div class="stack stack-wide">
                <CallTheApi example/>
                {signed.map(|path| view! { <SignRequests path=path.clone()/> <ActWithOAuth1 path/> })}
                {(!scopes.is_empty()).then(|| view! { <ActWithOAuth2 scopes example=user_call/> })}
                {api.versions.into_iter().map(|version| view! { <Version version/> }).collect_view()}
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
            <h2 id="call" class="card-title" tabindex="-1">"Call the API"</h2>
            <p>"Create an App, keep its credentials, and send its Bearer Token with each request in the header " <code>"Authorization"</code> "."</p>
            {example.map(|code| view! { <CodeBlock what="call with a Bearer Token" code/> })}
            <p>"Lost the token? The API Key and Secret give it again:"</p>
            <CodeBlock what="token request" code=token/>
        </section>
    }
}

#[component]
fn SignRequests(path: String) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="sign">
            <h2 id="sign" class="card-title" tabindex="-1">"Sign requests for a user"</h2>
            <p>"To act as yourself, generate the Access Token on your App’s page and sign each request with OAuth 1.0a: HMAC-SHA1 or HMAC-SHA256, over the method, the address, the query and a form body. A library does it for you. In Python:"</p>
            <CodeBlock what="signed call in Python" code=python(&path)/>
            <p>"In JavaScript:"</p>
            <CodeBlock what="signed call in JavaScript" code=javascript(&path)/>
            <p class="hint">"Each request needs a new nonce and a timestamp within 5 minutes of now. The answer’s header " <code>"x-access-level"</code> " tells what the token may do."</p>
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
                    view! { <Tag tone=Tone::Info text="Apps in a Project"/> }
                } else {
                    view! { <Tag tone=Tone::Good text="Every App"/> }
                }}
            </div>
            {version.needs_project.then(|| view! {
                <Notice tone=Tone::Info>
                    <p>"Only Apps in a Project may call this version. A standalone App can be attached to a Project on its page; its keys stay the same."</p>
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
                <dt>"Permission"</dt><dd>{route.permission.label()}</dd>
                <dt>"Credentials"</dt>
                <dd>{route.credentials.iter().map(|form| credential_words(*form)).collect::<Vec<_>>().join(", ")}</dd>
                {limit_words(&route.limit).map(|words| view! { <dt>"Limit"</dt><dd>{words}</dd> })}
            </dl>
            {example.map(|code| view! { <CodeBlock what=format!("call of {}", route.path) code/> })}
        </article>
    }
}

/// `450 requests in 15 minutes by an App itself, 900 by each user`.
fn limit_words(limit: &Limit) -> Option<String> {
    let window = match limit.window_seconds {
        86_400 => "a day".to_owned(),
        3_600 => "an hour".to_owned(),
        60 => "a minute".to_owned(),
        seconds if seconds % 3_600 == 0 => format!("{} hours", seconds / 3_600),
        seconds if seconds % 60 == 0 => format!("{} minutes", seconds / 60),
        seconds => format!("{seconds} seconds"),
    };
    let count = |count: u32| number(count.into());
    Some(match (limit.app, limit.user) {
        (Some(app), Some(user)) if app == user => {
            format!("{} requests in {window} by an App itself, as many by each user", count(app))
        }
        (Some(app), Some(user)) => {
            format!("{} requests in {window} by an App itself, {} by each user", count(app), count(user))
        }
        (Some(app), None) => format!("{} requests in {window} by an App itself", count(app)),
        (None, Some(user)) => format!("{} requests in {window} by each user", count(user)),
        (None, None) => return None,
    })
}

fn credential_words(form: CredentialForm) -> &'static str {
    match form {
        CredentialForm::BearerToken => "Bearer Token",
        CredentialForm::OAuth1User => "OAuth 1.0a user",
        CredentialForm::OAuth2User => "OAuth 2.0 user",
    }
}

/// A path that can be called: each parameter gets a value.
fn sample_path(path: &str) -> String {
    path.split('/').map(|part| if part.starts_with(':') { "1" } else { part }).collect::<Vec<_>>().join("/")
}
