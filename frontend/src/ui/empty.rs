//! Takes the place of an empty list.

use super::{Icon, IconName};
use leptos::prelude::*;

/// Takes the place of an empty list: says what would be here, and how to create it.
#[component]
pub fn Empty(icon: IconName, #[prop(into)] title: String, children: Children) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="empty-icon"><Icon name=icon/></span>
            <p class="empty-title">{title}</p>
            {children()}
        </div>
    }
}
