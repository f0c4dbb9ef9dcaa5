//! Links between the parts of a page.

use super::effect;
use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;

/// A tab: a link to a part of a page.
#[derive(Clone, PartialEq)]
pub struct Tab {
    pub label: &'static str,
    pub href: String,
    pub testid: &'static str,
    pub is_current: bool,
}

/// The tabs of a page.
#[component]
pub fn Tabs(label: &'static str, #[prop(into)] tabs: Signal<Vec<Tab>>) -> impl IntoView {
    let list: NodeRef<html::Ul> = NodeRef::new();
    effect(move || {
        tabs.track();
        let Some(list) = list.get() else { return };
        // After the tabs are on the page. Scrolls only the line of tabs: `scrollIntoView` would scroll the window too.
        request_animation_frame(move || {
            let current = list.query_selector("[aria-current]").ok().flatten();
            if let Some(current) = current.and_then(|current| current.dyn_into::<web_sys::HtmlElement>().ok()) {
                let middle = current.offset_left() + current.offset_width() / 2;
                list.set_scroll_left(middle - list.client_width() / 2);
            }
        });
    });
    view! {
        <nav class="tabs" aria-label=label>
            <ul node_ref=list>
                {move || tabs.get().into_iter().map(|tab| view! {
                    <li>
                        <a href=tab.href data-testid=tab.testid aria-current=tab.is_current.then_some("page")>{tab.label}</a>
                    </li>
                }).collect_view()}
            </ul>
        </nav>
    }
}
