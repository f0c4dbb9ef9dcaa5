//! The developer application: its form, its state and its history.

mod form;
mod history;

pub use history::History;

use crate::api::use_client;
use crate::layout::{Heading, Page};
use crate::state::{Remote, effect, use_description, use_session};
use crate::ui::{FormSkeleton, Loaded, Notice, Tag, Tone};
use crate::words;
use form::ApplicationForm;
use gatehouse_shared::api::ApplicationView;
use gatehouse_shared::model::ApplicationState;
use leptos::prelude::*;

#[component]
pub fn ApplyPage() -> impl IntoView {
    let client = use_client();
    let session = use_session();
    let description = use_description();
    let remote = Remote::new(move || client.find_application());
    // The operator may have decided since the session was read: the rest of the portal should know as well.
    effect(move || {
        if let (Some(view), Some(account)) = (remote.get(), session.account())
            && view.state != account.application_state
        {
            session.set(Some(gatehouse_shared::api::AccountView { application_state: view.state, ..account }));
        }
    });
    let lead = Signal::derive(move || {
        format!("An approved application lets you create Projects and Apps for {}.", description.name())
    });
    // The form checks by the deployment's own rules, so it waits for them.
    let ready = Signal::derive(move || remote.is_settled() && description.0.is_settled());
    view! {
        <Page name="apply" title="Developer application" ready narrow=true>
            <Heading title="Developer application" lead/>
            <Loaded remote skeleton=|| view! { <FormSkeleton/> }.into_any() children=Box::new(move |view| {
                view! { <Application view remote/> }.into_any()
            })/>
        </Page>
    }
}

#[component]
fn Application(view: Memo<ApplicationView>, remote: Remote<ApplicationView>) -> impl IntoView {
    let state = Memo::new(move |_| view.with(|view| view.state));
    let reason = move || {
        view.with_untracked(|view| {
            let last = view.history.iter().rev().find(|event| event.state == view.state);
            last.map(|event| event.reason.clone()).unwrap_or_default()
        })
    };
    view! {
        <div class="stack">
            {move || match state.get() {
                ApplicationState::None => ().into_any(),
                ApplicationState::InReview => view! {
                    <Notice tone=Tone::Info title="Your application is in review">
                        <p>"An operator reads it and decides. Come back to this page to see the answer."</p>
                    </Notice>
                }.into_any(),
                ApplicationState::MoreInformationRequested => view! {
                    <Notice tone=Tone::Warning title="The operator asks for more information" testid="reason-shown">
                        <p class="quoted">{reason()}</p>
                        <p>"Complete your application below and send it again."</p>
                    </Notice>
                }.into_any(),
                ApplicationState::Approved => view! {
                    <Notice tone=Tone::Good title="Your developer account is approved">
                        {Some(reason()).filter(|reason| !reason.is_empty()).map(|reason| view! { <p class="quoted">{reason}</p> })}
                        <p><a href="/dashboard" data-testid="to-dashboard">"Go to your dashboard"</a></p>
                    </Notice>
                }.into_any(),
                ApplicationState::Declined => view! {
                    <Notice tone=Tone::Danger title="Your application was declined" testid="reason-shown">
                        <p class="quoted">{reason()}</p>
                        <p>"You may change it and apply again."</p>
                    </Notice>
                }.into_any(),
                ApplicationState::Suspended => view! {
                    <Notice tone=Tone::Danger title="Your developer account is suspended" testid="reason-shown">
                        <p class="quoted">{reason()}</p>
                        <p>"Your Apps’ credentials do not pass until an operator reinstates the account."</p>
                    </Notice>
                }.into_any(),
            }}
            {move || if state.get().takes_submission() {
                let before = view.with_untracked(|view| view.application.clone());
                view! { <ApplicationForm before remote/> }.into_any()
            } else {
                view! { <Sent view/> }.into_any()
            }}
            <History view/>
        </div>
    }
}

/// What was said, once it can't be changed.
#[component]
fn Sent(view: Memo<ApplicationView>) -> impl IntoView {
    move || {
        let view = view.get();
        let (label, tone) = words::application_state(view.state);
        view.application.map(|application| view! {
            <section class="card" aria-labelledby="sent-title">
                <div class="card-head">
                    <h2 id="sent-title">"What you told us"</h2>
                    <Tag tone text=label/>
                </div>
                <dl class="facts">
                    <dt>"Use case"</dt><dd class="prose">{application.use_case}</dd>
                    <dt>"Purpose"</dt><dd>{application.purpose.label()}</dd>
                    <dt>"Organisation"</dt>
                    <dd>{if application.organization.is_empty() { "None: a personal application".into() } else { application.organization }}</dd>
                </dl>
            </section>
        })
    }
}
