use super::frame::Frame;
use super::settled::use_settled;
use super::visit::{Asked, Visit};
use super::{Abilities, AboutApp};
use crate::state::{Task, use_description};
use crate::ui::{FailureNotice, Icon, IconName, Monogram, Notice, OuterLink, Tone};
use gatehouse_shared::api::{AccountView, ConsentApp, ConsentRequest};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

/// The question: who asks, for what, on whose account, and where the answer goes.
#[component]
pub fn Ask(request: ConsentRequest, account: AccountView, visit: Visit) -> impl IntoView {
    let description = use_description();
    let app = request.app;
    let name = app.name.clone();
    let api = untrack(|| description.name());
    let title = format!("{name} wants to access your {api} account");
    let asked = Asked { app: app.clone(), account_id: account.id, terms: request.terms };
    view! {
        <Frame title sign=view! { <Monogram name=name.clone()/> }.into_any()>
            <AboutApp app=app.clone()/>
            {(!app.description.is_empty()).then(|| view! { <p class="consent-text">{app.description.clone()}</p> })}
            <p class="consent-unverified" data-testid="consent-unverified">
                "The developer provided these details. " {api} " hasn’t verified them."
            </p>
            {visit.is_changed().then(|| view! {
                <Notice tone=Tone::Warning title="The App’s request has changed" testid="consent-changed">
                    <p>"Nothing was shared. Review it again before you decide."</p>
                </Notice>
            })}
            {request.is_known.then(|| view! {
                <Notice tone=Tone::Info testid="consent-known"><p>"You’ve authorized this App before."</p></Notice>
            })}
            <Sentences title="It will be able to" sentences=request.may may=true testid="consent-may"/>
            <Sentences title="It can already" sentences=request.already may=true testid="consent-already"/>
            <Sentences title="It won’t be able to" sentences=request.may_not may=false testid="consent-may-not"/>
            <SignedInAs username=account.username visit/>
            <Answer asked returns_to=request.returns_to visit/>
            <SmallPrint app/>
        </Frame>
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
fn SignedInAs(username: String, visit: Visit) -> impl IntoView {
    let task = Task::new();
    let switch = move |_| task.run(visit.sign_out());
    view! {
        <div class="consent-account">
            <Icon name=IconName::User/>
            <p>"Signed in as " <strong>{username}</strong></p>
            <button type="button" class="button button-small" data-testid="consent-switch" on:click=switch
                aria-disabled=move || task.is_pending().then_some("true")>"Sign out and use another account"</button>
        </div>
    }
}

/// The two buttons. One press counts: until the answer is there, both are out of use. The one that gives something
/// works only once the page has been in front for a moment.
#[component]
fn Answer(asked: Asked, returns_to: String, visit: Visit) -> impl IntoView {
    let is_settled = use_settled();
    let pending: RwSignal<Option<bool>> = RwSignal::new(None);
    let failure = RwSignal::new(None);
    let where_to = match returns_to.is_empty() {
        true => format!("You’ll get a PIN to enter in {}.", asked.app.name),
        false => format!("You’ll be sent to {returns_to}."),
    };
    let authorize = format!("Authorize {}", asked.app.name);
    let asked = StoredValue::new(asked);
    let is_locked = move |approve: bool| pending.with(Option::is_some) || (approve && !is_settled.get());
    let decide = move |approve: bool| {
        if untrack(|| is_locked(approve)) {
            return;
        }
        pending.set(Some(approve));
        failure.set(None);
        spawn_local(async move {
            if let Err(error) = visit.decide(&asked.get_value(), approve).await {
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
            {button(false, "button button-large", "consent-cancel", "Cancel".into())}
            <p class="hint consent-where" data-testid="consent-where">{where_to}</p>
            <span class="visually-hidden" role="status">{move || pending.with(Option::is_some).then_some("Please wait…")}</span>
        </div>
    }
}

#[component]
fn SmallPrint(app: ConsentApp) -> impl IntoView {
    let links = [("Terms of service", app.terms_url), ("Privacy policy", app.privacy_url)];
    let links: Vec<_> = links.into_iter().filter(|(_, url)| !url.is_empty()).collect();
    view! {
        <div class="consent-end">
            {(!links.is_empty()).then(|| view! {
                <ul class="consent-links">
                    {links.into_iter().map(|(text, href)| view! { <li><OuterLink href text/></li> }).collect_view()}
                </ul>
            })}
            <p>"You can revoke access at any time in your " <a href="/account/apps" target="_blank">"Connected Apps"<span class="visually-hidden">" (opens a new tab)"</span></a> "."</p>
        </div>
    }
}
