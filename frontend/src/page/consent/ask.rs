use super::frame::Frame;
use super::visit::Visit;
use super::{Abilities, AboutApp};
use crate::state::{Task, use_description};
use crate::ui::{FailureNotice, Icon, IconName, Monogram, Notice, OuterLink, Tone};
use gatehouse_shared::api::{AccountView, ConsentApp, ConsentRequest};
use gatehouse_shared::model::AccountId;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

/// The question: who asks, for what, on whose account, and where the answer goes.
#[component]
pub fn Ask(request: ConsentRequest, account: AccountView, visit: Visit) -> impl IntoView {
    let description = use_description();
    let app = request.app;
    let name = app.name.clone();
    let title = match untrack(|| description.with(|api| api.name.clone())) {
        Some(api) => format!("{name} wants to act for you on {api}"),
        None => format!("{name} wants to act for you"),
    };
    view! {
        <Frame title sign=view! { <Monogram name=name.clone()/> }.into_any()>
            <AboutApp app=app.clone()/>
            {(!app.description.is_empty()).then(|| view! { <p class="consent-text">{app.description.clone()}</p> })}
            {request.is_known.then(|| view! {
                <Notice tone=Tone::Info testid="consent-known"><p>"You let this App act for you before."</p></Notice>
            })}
            {(!request.may.is_empty()).then(|| view! {
                <h2>"It will be able to"</h2>
                <Abilities sentences=request.may may=true testid="consent-may"/>
            })}
            {(!request.may_not.is_empty()).then(|| view! {
                <h2>"It will not be able to"</h2>
                <Abilities sentences=request.may_not may=false testid="consent-may-not"/>
            })}
            <SignedInAs username=account.username visit/>
            <Answer app=app.clone() account_id=account.id returns_to=request.returns_to visit/>
            <SmallPrint app/>
        </Frame>
    }
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
                aria-disabled=move || task.is_pending().then_some("true")>"Use another account"</button>
        </div>
    }
}

/// The two buttons. One press counts: until the answer is there, both are out of use.
#[component]
fn Answer(app: ConsentApp, account_id: AccountId, returns_to: String, visit: Visit) -> impl IntoView {
    let pending: RwSignal<Option<bool>> = RwSignal::new(None);
    let failure = RwSignal::new(None);
    let where_to = match returns_to.is_empty() {
        true => format!("You will get a PIN to type into {}.", app.name),
        false => format!("You will be sent to {returns_to}."),
    };
    let authorize = format!("Authorize {}", app.name);
    let app = StoredValue::new(app);
    let decide = move |approve: bool| {
        if pending.get_untracked().is_some() {
            return;
        }
        pending.set(Some(approve));
        failure.set(None);
        spawn_local(async move {
            if let Err(error) = visit.decide(app.get_value(), account_id, approve).await {
                let _ = failure.try_set(Some(error));
                let _ = pending.try_set(None);
            }
        });
    };
    let button = move |approve: bool, class: &'static str, testid: &'static str, text: String| {
        view! {
            <button type="button" class=class data-testid=testid on:click=move |_| decide(approve)
                aria-disabled=move || pending.with(Option::is_some).then_some("true")>
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
            <p>"You can take this back at any time under Connected Apps, in the account menu of this portal."</p>
        </div>
    }
}
