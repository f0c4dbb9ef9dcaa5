//! Asks the user before the page is left, if something would be lost.

use super::here;
use crate::state::{Departure, Leaving, Loss};
use crate::ui::Dialog;
use leptos::{ev, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

/// Asks before a link, Back, closing the window, or signing out would lose unsaved input, or credentials that are shown
/// only once.
#[component]
pub fn LeaveGuard(children: Children) -> impl IntoView {
    let leaving: Leaving = expect_context();
    let open = RwSignal::new(false);
    let loss = RwSignal::new(Loss::Changes);
    let wanted = RwSignal::new(Departure::Back);
    let location = use_location();
    // Opens the dialog if leaving would lose something, and says whether it did.
    let ask = move |departure: Departure| match leaving.loss() {
        None => false,
        Some(found) => {
            loss.set(found);
            wanted.set(departure);
            open.set(true);
            true
        }
    };

    let unload = window_event_listener(ev::beforeunload, move |event| {
        if leaving.loss().is_some() {
            event.prevent_default();
        }
    });
    let path = location.pathname;
    listen_to_clicks(move |event| {
        let Some(href) = followed_link(&event) else { return };
        // A link to the present page loses nothing.
        if href.split(['?', '#']).next() != Some(&*path.get_untracked()) && ask(Departure::Link(href)) {
            event.prevent_default();
            event.stop_propagation();
        }
    });
    leaving.ask_by(Callback::new(move |departure: Departure| {
        let is_back = matches!(departure, Departure::Back);
        let stays = is_back && window().location().pathname().is_ok_and(|now| now == path.get_untracked());
        if stays || !ask(departure) {
            return false;
        }
        // The router does not see this Back and keeps the page. Push the address of the page again, so that the history
        // is as before and the next Back leads to the same entry.
        if is_back && let Ok(history) = window().history() {
            // Fails only for an address of another origin.
            let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&here(&location)));
        }
        true
    }));
    on_cleanup(move || unload.remove());

    let navigate = use_navigate();
    let leave = Callback::new(move |()| {
        open.set(false);
        match wanted.get_untracked() {
            Departure::Link(href) => {
                leaving.forget();
                navigate(&href, NavigateOptions::default());
            }
            Departure::Back => {
                leaving.forget();
                // Fails only in a document that is not active.
                let _ = window().history().and_then(|history| history.back());
            }
            Departure::Act(act) => act.run(()),
        }
    });
    view! {
        {children()}
        <LeaveDialog open loss leave/>
    }
}

#[component]
fn LeaveDialog(open: RwSignal<bool>, loss: RwSignal<Loss>, leave: Callback<()>) -> impl IntoView {
    let title = Signal::derive(move || {
        match loss.get() {
            Loss::Changes => "Leave without saving?",
            Loss::Credentials => "Leave without saving the credentials?",
        }
        .to_owned()
    });
    view! {
        <Dialog open id="leave-dialog" title>
            <p>{move || match loss.get() {
                Loss::Changes => "Your changes on this page will be lost.",
                Loss::Credentials => "You won’t see them again. If you haven’t stored them, you will have to regenerate them.",
            }}</p>
            <div class="form-actions">
                <button type="button" class="button button-danger" data-testid="confirm" on:click=move |_| leave.run(())>"Leave"</button>
                <button type="button" class="button" data-testid="cancel" on:click=move |_| open.set(false)>"Stay here"</button>
            </div>
        </Dialog>
    }
}

/// Listens to clicks in the capturing phase, before the router, while the calling component is shown.
fn listen_to_clicks(run: impl Fn(web_sys::Event) + 'static) {
    let run = Closure::<dyn Fn(web_sys::Event)>::new(run);
    // Fails only for an event name that is not a text.
    let _ = document().add_event_listener_with_callback_and_bool("click", run.as_ref().unchecked_ref(), true);
    StoredValue::new_local(Listener(run));
}

struct Listener(Closure<dyn Fn(web_sys::Event)>);

impl Drop for Listener {
    fn drop(&mut self) {
        let run = self.0.as_ref().unchecked_ref();
        let _ = document().remove_event_listener_with_callback_and_bool("click", run, true);
    }
}

/// The address that the click opens in this window, if it is on such a link.
fn followed_link(event: &web_sys::Event) -> Option<String> {
    let click = event.dyn_ref::<web_sys::MouseEvent>()?;
    if click.ctrl_key() || click.meta_key() || click.shift_key() {
        return None;
    }
    let clicked = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    let link = clicked.closest("a[href]").ok().flatten()?;
    let href = link.get_attribute("href")?;
    let stays = link.has_attribute("download") || link.has_attribute("target") || !href.starts_with('/');
    (!stays).then_some(href)
}
