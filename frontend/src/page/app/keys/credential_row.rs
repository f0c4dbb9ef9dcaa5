//! A row for each kind of credential, with its buttons.

use super::client_id::ClientId;
use super::credential_dialog::{CredentialAction, CredentialDialog, row_id};
use super::text;
use crate::ui::{Date, LastUsed, Moment, Tag, Tone};
use crate::widget::ExpiryTag;
use gatehouse_shared::api::{CredentialKind, CredentialView};
use gatehouse_shared::model::Permission;
use leptos::prelude::*;

/// The row of a kind of credential: its purpose, the current credential, and the previous one while it still works.
#[component]
pub fn CredentialRow(dialog: CredentialDialog, kind: CredentialKind) -> impl IntoView {
    let name = kind.as_str();
    let current = Memo::new(move |_| dialog.current(kind));
    let previous = Memo::new(move |_| dialog.previous(kind));
    let permission = Memo::new(move |_| dialog.app.with(|app| app.settings.permission));
    view! {
        <li class="row" id=row_id(kind) data-testid=format!("credential-{name}")>
            <div class="row-main">
                <p class="row-title">{kind.label()}</p>
                <p class="hint">{text::purpose(kind)}</p>
                {(kind == CredentialKind::ClientSecret).then(|| view! { <ClientId app=dialog.app/> })}
                {move || match current.get() {
                    Some(credential) => view! { <Facts credential permission=permission.get()/> }.into_any(),
                    None => view! { <p class="hint">{text::NONE}</p> }.into_any(),
                }}
            </div>
            {move || dialog.may_change().then(|| view! { <Buttons dialog kind current/> })}
            {move || previous.get().map(|credential| view! { <Previous dialog credential/> })}
        </li>
    }
}

#[component]
fn Buttons(dialog: CredentialDialog, kind: CredentialKind, current: Memo<Option<CredentialView>>) -> impl IntoView {
    let name = kind.as_str();
    view! {
        <div class="button-row">
            {move || {
                let (verb, what) = if current.with(Option::is_some) { ("regenerate", "Regenerate") } else { ("generate", "Generate") };
                action_button(dialog, kind, CredentialAction::Regenerate, what, format!("{verb}-{name}"), "button button-small")
            }}
            {move || current.with(Option::is_some).then(|| view! {
                {action_button(dialog, kind, CredentialAction::SetExpiry, text::expiry::ACTION, format!("expiry-{name}"), "button button-small")}
                {action_button(dialog, kind, CredentialAction::Revoke, "Revoke", format!("revoke-{name}"), "button button-small button-danger-quiet")}
            })}
        </div>
    }
}

fn action_button(
    dialog: CredentialDialog,
    kind: CredentialKind,
    action: CredentialAction,
    what: &'static str,
    testid: String,
    class: &'static str,
) -> AnyView {
    let label = format!("{what}: {}", kind.label());
    view! {
        <button type="button" class=class data-testid=testid aria-label=label on:click=move |_| dialog.open(action, kind)>{what}</button>
    }
    .into_any()
}

#[component]
fn Facts(credential: CredentialView, permission: Permission) -> impl IntoView {
    let stale = credential.permission.filter(|level| *level != permission);
    view! {
        <p class="row-facts">
            <Hint hint=credential.hint.clone()/>
            <span class="hint">"Created " <Date at=credential.created_at/></span>
            <LastUsed day=credential.last_used_on/>
            {credential.permission.map(|level| view! { <span class="hint">"Permission: " {level.label()}</span> })}
            {credential.expires_at.map(|at| view! { <ExpiryTag at/> })}
            {stale.map(|_| view! { <Tag tone=Tone::Warning text="Older permission"/> })}
        </p>
        {stale.map(|level| view! {
            <p class="hint">{text::older_permission(level.label())}</p>
        })}
    }
}

#[component]
fn Hint(hint: String) -> impl IntoView {
    view! { <code><span aria-hidden="true">"••••"</span><span class="visually-hidden">"Ends in "</span>{hint}</code> }
}

/// The previous credential, while it still works.
#[component]
fn Previous(dialog: CredentialDialog, credential: CredentialView) -> impl IntoView {
    let kind = credential.kind;
    view! {
        <div class="row-previous" data-testid=format!("previous-{}", kind.as_str())>
            <p class="row-facts">
                <Tag tone=Tone::Info text="Previous"/>
                <Hint hint=credential.hint.clone()/>
                {credential.works_until.map(|at| view! { <span class="hint">"Works until " <Moment at/></span> })}
                <LastUsed day=credential.last_used_on/>
            </p>
            {move || dialog.may_change().then(|| {
                let testid = format!("end-overlap-{}", kind.as_str());
                action_button(dialog, kind, CredentialAction::EndOverlap, text::overlap::ACTION, testid, "button button-small")
            })}
        </div>
    }
}
