//! Lists the refused requests of an App.

use super::address::address;
use super::text;
use crate::ui::{Empty, IconName};
use crate::widget::RefusalCall;
use gatehouse_shared::api::{RefusalList, RefusalView};
use gatehouse_shared::model::AppId;
use leptos::prelude::*;

#[component]
pub fn RefusalRows(id: AppId, list: RefusalList) -> impl IntoView {
    if list.refusals.is_empty() {
        return view! {
            <div data-testid="refusals-empty">
                <Empty icon=IconName::Check title=text::EMPTY>
                    <p>{text::EMPTY_WHY}</p>
                </Empty>
            </div>
        }
        .into_any();
    }
    view! {
        <section class="card card-list" aria-label="Newest refused requests">
            <ul class="rows" data-testid="refusals">
                {list.refusals.into_iter().map(|refusal| view! { <RefusalRow id refusal/> }).collect_view()}
            </ul>
        </section>
    }
    .into_any()
}

#[component]
fn RefusalRow(id: AppId, refusal: RefusalView) -> impl IntoView {
    let href = address(id, &refusal.request_id);
    let testid = format!("refusal-{}", refusal.request_id);
    view! {
        <li class="row" data-testid=testid>
            <div class="row-main">
                <p class="row-title"><a href=href>{refusal.text.clone()}</a></p>
                <RefusalCall refusal/>
            </div>
        </li>
    }
}
