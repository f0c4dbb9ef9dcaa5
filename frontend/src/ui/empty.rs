use super::{Icon, IconName};
use leptos::prelude::*;

/// What stands where there is nothing yet: what would be here, and how to get it.
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
