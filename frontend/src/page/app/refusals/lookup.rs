//! Finds a refused request by its ID.

use super::address::address;
use super::text;
use crate::ui::{Empty, IconName, effect};
use gatehouse_shared::model::AppId;
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// Finds a refusal by the id that came with the answer.
#[component]
pub fn Lookup(id: AppId, wanted: Memo<String>) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    effect(move || typed.set(wanted.get()));
    let navigate = use_navigate();
    let search = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let text = typed.get_untracked().trim().to_owned();
        if text != wanted.get_untracked() {
            navigate(&address(id, &text), NavigateOptions { scroll: false, ..NavigateOptions::default() });
        }
    };
    view! {
        <form class="filter" role="search" aria-label="Refused requests" on:submit=search>
            <label class="label" for="request_id">"Request ID"</label>
            <p class="hint" id="request_id-hint">{text::ID_HINT} <code>"x-gatehouse-request-id"</code></p>
            <div class="input-group">
                <input id="request_id" name="request_id" type="search" class="input input-code" autocomplete="off" autocapitalize="none"
                    spellcheck="false" aria-describedby="request_id-hint"
                    prop:value=move || typed.get() on:input:target=move |event| typed.set(event.target().value())/>
                <button type="submit" class="button" data-testid="find-refusal">"Find"</button>
            </div>
            {move || (!wanted.with(String::is_empty)).then(|| view! { <p><a href=address(id, "") data-testid="all-refusals">"Show all refused requests"</a></p> })}
        </form>
    }
}

/// There is no refusal of that id.
#[component]
pub fn Missing() -> impl IntoView {
    view! {
        <div data-testid="refusal-missing" role="status">
            <Empty icon=IconName::Info title=text::MISSING>
                <p>{text::MISSING_WHY}</p>
            </Empty>
        </div>
    }
}
