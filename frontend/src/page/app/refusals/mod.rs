//! Lists the refused requests of an App, with the reason for each.

mod address;
mod detail;
mod difference;
mod evidence;
mod list;
mod lookup;

use super::text::refusals as text;
use crate::api::use_client;
use crate::state::Remote;
use crate::ui::{CardSkeleton, effect};
use crate::widget::Loaded;
use detail::RefusalDetail;
use gatehouse_shared::api::RefusalList;
use gatehouse_shared::model::AppId;
use leptos::{html, prelude::*};
use leptos_router::hooks::use_location;
use list::RefusalRows;
use lookup::{Lookup, Missing};

/// The requested id, and the answer.
type Answered = (String, RefusalList);

#[component]
pub fn RefusalsTab(id: AppId) -> impl IntoView {
    let client = use_client();
    let query = use_location().query;
    let wanted = Memo::new(move |_| query.with(|query| query.get("request_id")).unwrap_or_default().trim().to_owned());
    let remote = Remote::new(move || {
        let wanted = wanted.get();
        async move { client.list_refusals(id, &wanted).await.map(|list| (wanted, list)) }
    });
    // Another view removes the element that had the focus.
    let heading: NodeRef<html::H2> = NodeRef::new();
    let before = StoredValue::new(None::<String>);
    effect(move || {
        let wanted = wanted.get();
        if before.get_value().is_some_and(|before| before != wanted) {
            request_animation_frame(move || {
                let _ = heading.get_untracked().map(|heading| heading.focus());
            });
        }
        before.set_value(Some(wanted));
    });
    view! {
        <section class="card refusals-head" aria-labelledby="refusals-title">
            <div class="card-head">
                <div>
                    <h2 id="refusals-title" tabindex="-1" node_ref=heading>"Refused requests"</h2>
                    <p class="hint">{move || about(remote)}</p>
                </div>
                <button type="button" class="button button-small" data-testid="refresh" on:click=move |_| remote.restart()>"Refresh"</button>
            </div>
            <Lookup id wanted/>
        </section>
        <Loaded remote skeleton=|| view! { <CardSkeleton/> }.into_any() children=Box::new(move |answered| {
            view! { <Found id wanted answered/> }.into_any()
        })/>
    }
}

/// Says which refusals the list contains.
fn about(remote: Remote<Answered>) -> String {
    text::about(remote.get().map(|(_, list)| list.kept))
}

#[component]
fn Found(id: AppId, wanted: Memo<String>, answered: Memo<Answered>) -> impl IntoView {
    move || {
        let wanted = wanted.get();
        let (asked, list) = answered.get();
        let known = list.refusals.iter().find(|refusal| refusal.request_id == wanted);
        match known {
            // The shown list contains the refusal already, so do not wait for the answer.
            Some(refusal) => view! { <RefusalDetail refusal=refusal.clone()/> }.into_any(),
            None if asked != wanted => view! { <CardSkeleton/> }.into_any(),
            None if wanted.is_empty() => view! { <RefusalRows id list/> }.into_any(),
            None => view! { <Missing/> }.into_any(),
        }
    }
}
