//! A menu that a button of the header opens.

use leptos::{html, prelude::*};
use leptos_router::hooks::use_location;

/// A panel that a button of the header opens. It closes when the page changes.
#[derive(Clone, Copy)]
pub struct Menu {
    id: &'static str,
    panel: NodeRef<html::Div>,
    expanded: RwSignal<bool>,
}

impl Menu {
    /// `id` names the panel on the page.
    pub fn new(id: &'static str) -> Self {
        let menu = Self { id, panel: NodeRef::new(), expanded: RwSignal::new(false) };
        let path = use_location().pathname;
        crate::ui::effect(move || {
            path.track();
            menu.close();
        });
        menu
    }

    pub fn close(self) {
        if let Some(panel) = self.panel.get_untracked() {
            // Fails only if the menu is closed already.
            let _ = panel.hide_popover();
        }
    }
}

#[component]
pub fn MenuButton(menu: Menu, class: &'static str, testid: &'static str, children: Children) -> impl IntoView {
    view! {
        <button type="button" class=class data-testid=testid popovertarget=menu.id aria-expanded=move || menu.expanded.get().to_string()>
            {children()}
        </button>
    }
}

#[component]
pub fn MenuPanel(menu: Menu, class: &'static str, children: Children) -> impl IntoView {
    let note = move |_| {
        let is_open = |panel: web_sys::HtmlDivElement| panel.matches(":popover-open").unwrap_or(false);
        menu.expanded.set(menu.panel.get_untracked().is_some_and(is_open));
    };
    view! { <div id=menu.id class=class popover="auto" node_ref=menu.panel on:toggle=note>{children()}</div> }
}
