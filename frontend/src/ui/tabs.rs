use leptos::prelude::*;

/// One of the pages that belong together.
#[derive(Clone, PartialEq)]
pub struct Tab {
    pub label: &'static str,
    pub href: String,
    pub testid: &'static str,
    pub is_current: bool,
}

/// Links between pages that belong together.
#[component]
pub fn Tabs(label: &'static str, #[prop(into)] tabs: Signal<Vec<Tab>>) -> impl IntoView {
    view! {
        <nav class="tabs" aria-label=label>
            <ul>
                {move || tabs.get().into_iter().map(|tab| view! {
                    <li>
                        <a href=tab.href data-testid=tab.testid aria-current=tab.is_current.then_some("page")>{tab.label}</a>
                    </li>
                }).collect_view()}
            </ul>
        </nav>
    }
}
