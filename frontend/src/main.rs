//! The portal: a single-page app that runs in the browser and speaks only to the portal API.

mod api;
mod form;
mod layout;
mod page;
mod state;
mod ui;
mod words;

use api::Client;
use leptos::prelude::*;
use leptos_router::components::Router;
use state::{Description, Session, Toasts};

fn main() {
    if let Some(placeholder) = document().get_element_by_id("boot") {
        placeholder.remove();
    }
    mount_to_body(App);
}

#[component]
fn App() -> impl IntoView {
    let session = Session::new();
    let client = Client::new(Callback::new(move |()| session.set(None)));
    session.refresh(client);
    provide_context(session);
    provide_context(client);
    provide_context(Toasts::new());
    provide_context(Description::new(client));
    view! {
        <Router>
            <layout::Shell>
                <page::Pages/>
            </layout::Shell>
        </Router>
    }
}
