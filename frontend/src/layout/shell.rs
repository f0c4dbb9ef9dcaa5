//! Surrounds every page with header, footer and announcer.

use super::header::{Header, PlainHeader};
use super::page::{Announced, PageCount};
use super::text;
use super::{Waiting, keep_scroll};
use crate::state::use_session;
use crate::ui::ToastRegion;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The header, the page, the footer, and the live regions.
#[component]
pub fn Shell(
    /// Whether the page at a path stands alone, without the navigation of the portal.
    stands_alone: fn(&str) -> bool,
    children: Children,
) -> impl IntoView {
    let (path, session) = (use_location().pathname, use_session());
    let is_alone = Memo::new(move |_| path.with(|path| stands_alone(path)));
    let announced = RwSignal::new(String::new());
    provide_context(PageCount(StoredValue::new(0)));
    provide_context(Announced(announced));
    provide_context(Waiting(RwSignal::new(String::new())));
    keep_scroll();
    let skip = move |event: leptos::ev::MouseEvent| {
        // The router would navigate on a plain link.
        event.prevent_default();
        event.stop_propagation();
        if let Some(main) = document().get_element_by_id("main") {
            use wasm_bindgen::JsCast;
            let _ = main.dyn_into::<web_sys::HtmlElement>().map(|main| main.focus());
        }
    };
    view! {
        <a class="skip-link" href="#main" on:click=skip>{text::SKIP}</a>
        {move || if is_alone.get() { view! { <PlainHeader/> }.into_any() } else { view! { <Header/> }.into_any() }}
        <main id="main" tabindex="-1" class:session-ended=move || session.is_ended()>{children()}</main>
        {move || (!is_alone.get()).then(|| view! { <Footer/> })}
        <ToastRegion/>
        <div class="visually-hidden" role="status" data-testid="announcer">{announced}</div>
    }
}

#[component]
fn Footer() -> impl IntoView {
    view! {
        <footer class="footer">
            <div class="footer-inner">
                <p>{text::FOOTER_LINE}</p>
                <nav aria-label=text::FOOTER>
                    <a href="/docs">{text::API_REFERENCE}</a>
                    <a href="/docs/errors">{text::ERROR_HELP}</a>
                </nav>
            </div>
        </footer>
    }
}
