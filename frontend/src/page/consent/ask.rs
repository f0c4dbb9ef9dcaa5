//! Asks the user whether the App may act for them.

use super::consent_card::ConsentCard;
use super::consent_flow::{Asked, ConsentFlow};
use super::settled::use_settled;
use super::text;
use crate::form::FailureNotice;
use crate::state::{Task, use_description};
use crate::ui::{Icon, IconName, Monogram, Notice, OuterLink, Tone};
use crate::widget::{Abilities, AboutApp};
use gatehouse_shared::api::{AccountView, ConsentApp, ConsentRequest};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

/// Shows the App, its requested abilities, the account, and where the answer goes, then asks the user.
#[component]
pub fn Ask(request: ConsentRequest, account: AccountView, flow: ConsentFlow) -> impl IntoView {
    let description = use_description();
    let app = request.app;
    let name = app.name.clone();
    let api = untrack(|| description.name());
    let title = text::ask_title(&name, &api);
    let asked = Asked { app: app.clone(), account_id: account.id, terms: request.terms };
    view! {
        <ConsentCard title sign=view! { <Monogram name=name.clone()/> }.into_any()>
            <AboutApp app=app.clone()/>
            {(!app.description.is_empty()).then(|| view! { <p class="consent-text">{app.description.clone()}</p> })}
            <p class="consent-unverified" data-testid="consent-unverified">{text::unverified(&api)}</p>
            {flow.is_changed().then(|| view! {
                <Notice tone=Tone::Warning title=text::CHANGED_TITLE testid="consent-changed">
                    <p>{text::CHANGED}</p>
                </Notice>
            })}
            {request.is_known.then(|| view! {
                <Notice tone=Tone::Info testid="consent-known"><p>{text::KNOWN}</p></Notice>
            })}
            <Sentences title=text::MAY sentences=request.may may=true testid="consent-may"/>
            <Sentences title=text::ALREADY sentences=request.already may=true testid="consent-already"/>
            <Sentences title=text::MAY_NOT sentences=request.may_not may=false testid="consent-may-not"/>
            <SignedInAs username=account.username flow/>
            <Answer asked returns_to=request.returns_to flow/>
            <SmallPrint app/>
        </ConsentCard>
    }
}

#[component]
fn Sentences(title: &'static str, sentences: Vec<String>, may: bool, testid: &'static str) -> impl IntoView {
    (!sentences.is_empty()).then(|| {
        view! {
            <h2>{title}</h2>
            <Abilities sentences may testid/>
        }
    })
}

#[component]
fn SignedInAs(username: String, flow: ConsentFlow) -> impl IntoView {
    let task = Task::new();
    let switch = move |_| task.run(flow.sign_out());
    view! {
        <div class="consent-account">
            <Icon name=IconName::User/>
            <p>{text::SIGNED_IN_AS} <strong>{username}</strong></p>
            <button type="button" class="button button-small" data-testid="consent-switch" on:click=switch
                aria-disabled=move || task.is_pending().then_some("true")>{text::SWITCH_ACCOUNT}</button>
        </div>
    }
}

/// The two buttons. After a press, both are disabled until the answer comes. “Authorize” works only once the page has
/// been in front for a moment.
#[component]
fn Answer(asked: Asked, returns_to: String, flow: ConsentFlow) -> impl IntoView {
    let is_settled = use_settled();
    let pending: RwSignal<Option<bool>> = RwSignal::new(None);
    let failure = RwSignal::new(None);
    let where_to = match returns_to.is_empty() {
        true => text::gets_pin(&asked.app.name),
        false => text::goes_to(&returns_to),
    };
    let authorize = text::authorize(&asked.app.name);
    let asked = StoredValue::new(asked);
    let is_locked = move |approve: bool| pending.with(Option::is_some) || (approve && !is_settled.get());
    let decide = move |approve: bool| {
        if untrack(|| is_locked(approve)) {
            return;
        }
        pending.set(Some(approve));
        failure.set(None);
        spawn_local(async move {
            if let Err(error) = flow.decide(&asked.get_value(), approve).await {
                let _ = failure.try_set(Some(error));
                let _ = pending.try_set(None);
            }
        });
    };
    let button = move |approve: bool, class: &'static str, testid: &'static str, text: String| {
        view! {
            <button type="button" class=class data-testid=testid on:click=move |_| decide(approve)
                aria-disabled=move || is_locked(approve).then_some("true")>
                {move || (pending.get() == Some(approve)).then(|| view! { <span class="spinner" aria-hidden="true"></span> })}
                {text}
            </button>
        }
    };
    view! {
        <div class="button-column">
            <div role="alert">{move || failure.get().map(|failure| view! { <FailureNotice failure/> })}</div>
            {button(true, "button button-primary button-large", "consent-authorize", authorize)}
            {button(false, "button button-large", "consent-cancel", text::CANCEL.into())}
            <p class="hint consent-where" data-testid="consent-where">{where_to}</p>
            <span class="visually-hidden" role="status">{move || pending.with(Option::is_some).then_some(text::WAIT)}</span>
        </div>
    }
}

#[component]
fn SmallPrint(app: ConsentApp) -> impl IntoView {
    let links = [(text::TERMS, app.terms_url), (text::PRIVACY, app.privacy_url)];
    let links: Vec<_> = links.into_iter().filter(|(_, url)| !url.is_empty()).collect();
    view! {
        <div class="consent-end">
            {(!links.is_empty()).then(|| view! {
                <ul class="consent-links">
                    {links.into_iter().map(|(text, href)| view! { <li><OuterLink href text/></li> }).collect_view()}
                </ul>
            })}
            <p>{text::REVOKE_IN} <a href="/account/apps" target="_blank">{text::CONNECTED_APPS}<span class="visually-hidden">{text::NEW_TAB}</span></a> "."</p>
        </div>
    }
}
