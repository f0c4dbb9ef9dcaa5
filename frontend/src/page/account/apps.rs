//! Lists the Apps that may act for the user, and revokes their access.

use super::text;
use crate::api::use_client;
use crate::form::{Form, FormState, submit};
use crate::layout::{Heading, Page, focus_heading};
use crate::state::{Remote, use_description};
use crate::ui::{CardSkeleton, Date, Dialog, Empty, IconName, LastUsed, Monogram, use_toasts};
use crate::widget::{Abilities, AboutApp, Loaded};
use gatehouse_shared::api::{ConnectedApp, ConnectedAppList};
use leptos::prelude::*;

/// Lists the Apps that may act for the account, and revokes their access.
#[component]
pub fn ConnectedAppsPage() -> impl IntoView {
    let client = use_client();
    let remote = Remote::new(move || client.list_connected_apps());
    let revoking = Revoking { app: RwSignal::new(None), open: RwSignal::new(false) };
    let ready = Signal::derive(move || remote.is_settled());
    view! {
        <Page name="connected-apps" title=text::CONNECTED_APPS ready narrow=true>
            <Heading title=text::CONNECTED_APPS lead=Signal::stored(text::CONNECTED_APPS_LEAD.to_owned())
                parents=Signal::stored(vec![(text::TITLE.to_owned(), "/account".to_owned())])/>
            <Loaded remote skeleton=|| view! { <CardSkeleton/> }.into_any() children=Box::new(move |list: Memo<ConnectedAppList>| {
                let rows = move || {
                    let apps = list.get().apps;
                    if apps.is_empty() {
                        return view! {
                            <Empty icon=IconName::Box title=text::NO_APPS>
                                <p>{text::NO_APPS_HINT}</p>
                            </Empty>
                        }.into_any();
                    }
                    view! {
                        <div class="card card-list">
                            <ul class="rows">{apps.into_iter().map(|connected| view! { <AppRow connected revoking/> }).collect_view()}</ul>
                        </div>
                    }.into_any()
                };
                rows.into_any()
            })/>
            <RevokeDialog revoking remote/>
        </Page>
    }
}

/// The App that the dialog of the page is about.
#[derive(Clone, Copy)]
struct Revoking {
    app: RwSignal<Option<ConnectedApp>>,
    open: RwSignal<bool>,
}

#[component]
fn AppRow(connected: ConnectedApp, revoking: Revoking) -> impl IntoView {
    let app = connected.app.clone();
    let (name, id) = (app.name.clone(), app.id);
    let label = text::revoke_app(&name);
    let (sentences, granted_at, day) = (connected.may.clone(), connected.granted_at, connected.last_used_on);
    let pending = connected.pending.clone();
    let ask = move |_| {
        revoking.app.set(Some(connected.clone()));
        revoking.open.set(true);
    };
    view! {
        <li class="row" data-testid=format!("connected-app-{id}")>
            <Monogram name=name.clone()/>
            <div class="row-main">
                <h2 class="row-title">{name}</h2>
                <AboutApp app/>
                <Abilities sentences may=true/>
                {(!pending.is_empty()).then(|| view! {
                    <p class="hint">{text::NOT_COLLECTED}</p>
                    <Abilities sentences=pending may=true/>
                })}
                <p class="row-facts"><span class="hint">{text::AUTHORIZED_ON} <Date at=granted_at/></span> <LastUsed day/></p>
            </div>
            <button type="button" class="button button-small button-danger-quiet" data-testid=format!("revoke-{id}") aria-label=label on:click=ask>
                {text::REVOKE}
            </button>
        </li>
    }
}

#[component]
fn RevokeDialog(revoking: Revoking, remote: Remote<ConnectedAppList>) -> impl IntoView {
    let (client, toasts, description) = (use_client(), use_toasts(), use_description());
    let name = Memo::new(move |_| revoking.app.get().map(|connected| connected.app.name).unwrap_or_default());
    let title = Signal::derive(move || text::revoke_title(&name.get()));
    let send = StoredValue::new(submit(move || async move {
        let Some(connected) = revoking.app.get_untracked() else { return Ok(()) };
        client.revoke_connected_app(connected.app.id).await?;
        revoking.open.set(false);
        toasts.success(text::revoked(&connected.app.name));
        // The button with the focus is gone with its row.
        focus_heading();
        remote.reload();
        Ok(())
    }));
    view! {
        <Dialog open=revoking.open id="revoke-dialog" title>
            <Form state=FormState::without_rules() on_submit=send.get_value() action=text::REVOKE danger=true testid="confirm"
                on_cancel=Callback::new(move |()| revoking.open.set(false))>
                <p>{text::REVOKE_EFFECT} " " {move || description.takes_effect()} " " {text::REVOKE_AGAIN}</p>
            </Form>
        </Dialog>
    }
}
