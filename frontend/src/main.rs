//! The portal: a single-page app that runs in the browser and speaks only to the portal API.

mod api;
mod back_forward_cache;
mod form;
mod layout;
mod page;
mod state;
mod ui;
mod widget;

use api::Client;
use leptos::prelude::*;
use leptos_router::components::Router;
use state::{Description, Leaving, NewApp, Session};
use ui::Toasts;

fn main() {
    std::panic::set_hook(Box::new(report_panic));
    if let Some(placeholder) = document().get_element_by_id("boot") {
        placeholder.remove();
    }
    mount_to_body(App);
}

#[component]
fn App() -> impl IntoView {
    let leaving = Leaving::new();
    let session = Session::new(leaving);
    let on_signed_out = Callback::new(move |()| session.end());
    let client = Client::new(on_signed_out, Callback::new(move |client| session.check_memberships(client)));
    session.refresh(client);
    session.follow_other_tabs(client);
    back_forward_cache::guard(session, client);
    provide_context(leaving);
    provide_context(session);
    provide_context(client);
    NewApp::provide();
    provide_context(Toasts::new());
    provide_context(Description::new(client));
    view! {
        <Router>
            <layout::Shell stands_alone=page::stands_alone>
                <page::Pages/>
            </layout::Shell>
        </Router>
    }
}

/// Tells the user to reload the page after a panic, because no part of the page responds any more.
fn report_panic(panic: &std::panic::PanicHookInfo<'_>) {
    web_sys::console::error_1(&panic.to_string().into());
    let notice = document().create_element("p").and_then(|notice| {
        notice.set_attribute("role", "alert")?;
        notice.set_attribute("class", "crash-note")?;
        notice.set_text_content(Some("The portal stopped working. Reload the page."));
        Ok(notice)
    });
    if let (Ok(notice), Some(body)) = (notice, document().body()) {
        // Show the notice once.
        if document().query_selector(".crash-note").is_ok_and(|known| known.is_none()) {
            let _ = body.append_child(&notice);
        }
    }
}
