//! The start page. It describes the API to a visitor.

mod text;

use crate::layout::{Page, home};
use crate::state::{SessionState, use_description, use_session};
use crate::ui::{CardSkeleton, Icon, IconName, Tag, Tone};
use crate::widget::{Loaded, MethodTag};
use gatehouse_shared::api::ApiSummary;
use leptos::prelude::*;

/// Describes the API, and how to start.
#[component]
pub fn LandingPage() -> impl IntoView {
    let session = use_session();
    let description = use_description();
    let ready = Signal::derive(move || description.0.is_settled() && session.state() != SessionState::Unknown);
    let title = Signal::derive(move || description.name());
    view! {
        <Page name="landing" title ready>
            <section class="hero">
                <p class="hero-eyebrow">{text::EYEBROW}</p>
                <h1 tabindex="-1">{title}</h1>
                <p class="hero-lead">{move || description.summary()}</p>
                <div class="hero-actions">
                    <div class="button-row">
                        {move || match session.state() {
                            SessionState::SignedIn(account) => {
                                let label = if account.operator.is_some() { text::TO_REVIEW } else { text::TO_DASHBOARD };
                                view! {
                                    <a class="button button-primary button-large" href=home(&account) data-testid="to-dashboard">{label}</a>
                                }.into_any()
                            }
                            _ => view! {
                                <a class="button button-primary button-large" href="/sign-up" data-testid="to-sign-up">{text::SIGN_UP}</a>
                                <a class="button button-large" href="/sign-in" data-testid="to-sign-in">{text::SIGN_IN}</a>
                            }.into_any(),
                        }}
                    </div>
                    <a class="hero-link" href="/docs">{text::READ_DOCS} <Icon name=IconName::ChevronRight/></a>
                </div>
            </section>
            <section aria-labelledby="begin-title" class="stack">
                <h2 id="begin-title">{text::STEPS}</h2>
                <ol class="steps">
                    <li class="card"><Icon name=IconName::User/><h3>{text::APPLY}</h3><p>{text::APPLY_TEXT}</p></li>
                    <li class="card"><Icon name=IconName::Box/><h3>{text::CREATE_APP}</h3><p>{text::CREATE_APP_TEXT}</p></li>
                    <li class="card"><Icon name=IconName::Key/><h3>{text::CALL}</h3><p>{text::CALL_TEXT}</p></li>
                </ol>
            </section>
            <section aria-labelledby="offer-title" class="stack">
                <h2 id="offer-title">{text::OFFER}</h2>
                <Loaded remote=description.0 skeleton=|| view! { <CardSkeleton/> }.into_any() children=Box::new(move |api| {
                    view! { <Versions api/> }.into_any()
                })/>
            </section>
        </Page>
    }
}

#[component]
fn Versions(api: Memo<ApiSummary>) -> impl IntoView {
    move || {
        let versions = api.get().versions;
        view! {
            <div class="grid">
                {versions.into_iter().map(|version| view! {
                    <article class="card card-list">
                        <div class="card-head">
                            <h3><a href=format!("/docs#{}", version.name)>{version.name.clone()}</a></h3>
                            {if version.needs_project {
                                view! { <Tag tone=Tone::Info text=text::NEEDS_PROJECT/> }
                            } else {
                                view! { <Tag tone=Tone::Good text=text::EVERY_APP/> }
                            }}
                        </div>
                        <ul class="route-list">
                            {version.routes.into_iter().map(|route| view! {
                                <li>
                                    <span class="route-name">
                                        {route.methods.iter().map(|method| view! { <MethodTag method=method.clone()/> }).collect_view()}
                                        <code>{route.path}</code>
                                    </span>
                                    <span class="hint">{route.summary}</span>
                                </li>
                            }).collect_view()}
                        </ul>
                    </article>
                }).collect_view()}
            </div>
        }
    }
}
