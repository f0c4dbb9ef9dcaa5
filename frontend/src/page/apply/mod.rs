//! The page of the developer application: form, state and history.

mod form;
mod text;

use crate::api::use_client;
use crate::layout::{Heading, Page};
use crate::state::{Remote, refresh_while, use_description, use_session};
use crate::ui::{FormSkeleton, Notice, Tag, Tone, effect};
use crate::widget::{ApplicationHistory, Loaded, RoleNote, labels};
use form::ApplicationForm;
use gatehouse_shared::api::ApplicationView;
use gatehouse_shared::model::{ApplicationState, MemberRole};
use leptos::prelude::*;

#[component]
pub fn ApplyPage() -> impl IntoView {
    let client = use_client();
    let session = use_session();
    let description = use_description();
    let remote = Remote::new(move || client.find_application(session.developer_account_id()));
    // The operator may have decided since the session was read, so read the session again.
    effect(move || {
        let known = untrack(|| session.developer_account());
        if let (Some(view), Some(known)) = (remote.get(), known)
            && view.state != known.application_state
        {
            session.refresh(client);
        }
    });
    // Refresh while the operator may decide, so that each decision appears without a reload.
    let waits = move || remote.get().is_some_and(|view| !view.state.takes_submission());
    refresh_while(waits, move || remote.refresh());
    let lead = Signal::derive(move || text::lead(&description.name()));
    // The form waits for the rules of this deployment.
    let ready = Signal::derive(move || remote.is_settled() && description.0.is_settled());
    view! {
        <Page name="apply" title=text::TITLE ready narrow=true>
            <Heading title=text::TITLE lead/>
            <Loaded remote skeleton=|| view! { <FormSkeleton/> }.into_any() children=Box::new(move |view| {
                view! { <Application view remote/> }.into_any()
            })/>
        </Page>
    }
}

#[component]
fn Application(view: Memo<ApplicationView>, remote: Remote<ApplicationView>) -> impl IntoView {
    let state = Memo::new(move |_| view.with(|view| view.state));
    let session = use_session();
    let of = Signal::derive(move || session.developer_account_id());
    let may_submit = Memo::new(move |_| session.has_role(of.get(), MemberRole::Owner));
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
                    <Notice tone=Tone::Info title=text::IN_REVIEW testid="in-review">
                        <p>{text::IN_REVIEW_NEXT}</p>
                    </Notice>
                }.into_any(),
                ApplicationState::MoreInformationRequested => view! {
                    <Notice tone=Tone::Warning title=text::QUESTION testid="reason-shown">
                        <p class="quoted">{reason()}</p>
                        <p>{text::QUESTION_NEXT}</p>
                    </Notice>
                }.into_any(),
                ApplicationState::Approved => view! {
                    <Notice tone=Tone::Good title=text::APPROVED>
                        {Some(reason()).filter(|reason| !reason.is_empty()).map(|reason| view! { <p class="quoted">{reason}</p> })}
                        <p><a href="/dashboard" data-testid="to-dashboard">{text::TO_DASHBOARD}</a></p>
                    </Notice>
                }.into_any(),
                ApplicationState::Declined => view! {
                    <Notice tone=Tone::Danger title=text::DECLINED testid="reason-shown">
                        <p class="quoted">{reason()}</p>
                        <p>{text::DECLINED_NEXT}</p>
                    </Notice>
                }.into_any(),
                ApplicationState::Suspended => view! {
                    <Notice tone=Tone::Danger title=text::SUSPENDED testid="reason-shown">
                        <p class="quoted">{reason()}</p>
                        <p>{text::SUSPENDED_NEXT}</p>
                    </Notice>
                }.into_any(),
            }}
            {move || (!may_submit.get()).then(|| view! { <RoleNote of needed=MemberRole::Owner/> })}
            {move || if may_submit.get() && state.get().takes_submission() {
                let before = view.with_untracked(|view| view.application.clone());
                view! { <ApplicationForm before remote/> }.into_any()
            } else {
                view! { <Sent view/> }.into_any()
            }}
            <ApplicationHistory view/>
        </div>
    }
}

/// The answers of an application that cannot be changed now.
#[component]
fn Sent(view: Memo<ApplicationView>) -> impl IntoView {
    move || {
        let view = view.get();
        let (label, tone) = labels::application_state(view.state);
        view.application.map(|application| view! {
            <section class="card" aria-labelledby="sent-title">
                <div class="card-head">
                    <h2 id="sent-title">{text::YOUR_ANSWERS}</h2>
                    <Tag tone text=label/>
                </div>
                <dl class="facts">
                    <dt>{text::USE_CASE}</dt><dd class="prose">{application.use_case}</dd>
                    <dt>{text::PURPOSE}</dt><dd>{application.purpose.label()}</dd>
                    <dt>{text::ORGANIZATION}</dt>
                    <dd>{if application.organization.is_empty() { text::NO_ORGANIZATION.into() } else { application.organization }}</dd>
                </dl>
            </section>
        })
    }
}
