use super::header::Header;
use super::page::{Announced, PageCount};
use crate::ui::ToastRegion;
use leptos::prelude::*;

/// Header, page, footer, and the regions that speak.
#[component]
pub fn Shell(children: Children) -> impl IntoView {
    let announced = RwSignal::new(String::new());
    provide_context(PageCount(StoredValue::new(0)));
    provide_context(Announced(announced));
    let skip = move |event: leptos::ev::MouseEvent| {
        // The router would take a plain link for a navigation.
        event.prevent_default();
        event.stop_propagation();
        if let Some(main) = document().get_element_by_id("main") {
            use wasm_bindgen::JsCast;
            let _ = main.dyn_into::<web_sys::HtmlElement>().map(|main| main.focus());
        }
    };
    view! {
        <a class="skip-link" href="#main" on:click=skip>"Skip to content"</a>
        <Header/>
        <main id="main" tabindex="-1">{children()}</main>
        <footer class="footer">
            <div class="footer-inner">
                <p>"Developer portal and credential gate by Gatehouse"</p>
                <nav aria-label="Footer">
                    <a href="/docs">"API reference"</a>
                    <a href="/docs/errors">"Error help"</a>
                </nav>
            </div>
        </footer>
        <ToastRegion/>
        <div class="visually-hidden" role="status" data-testid="announcer">{announced}</div>
    }
}
