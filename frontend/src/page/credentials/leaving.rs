use crate::ui::Dialog;
use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use wasm_bindgen::{JsCast, closure::Closure};

/// Asks before a link or the closing of the window takes away what is shown only once.
#[component]
pub fn AskBeforeLeaving(
    /// Whether it may go without a question.
    kept: RwSignal<bool>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let target = RwSignal::new(String::new());

    let unload = window_event_listener(ev::beforeunload, move |event| {
        if kept.try_get_untracked() == Some(false) {
            event.prevent_default();
        }
    });
    // In the capturing phase, before the router sees the click.
    let listener = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
        let Some(href) = followed_link(&event) else { return };
        if kept.try_get_untracked() == Some(false) {
            event.prevent_default();
            event.stop_propagation();
            target.set(href);
            open.set(true);
        }
    });
    // Fails only for an event name that is not a text.
    let _ = document().add_event_listener_with_callback_and_bool("click", listener.as_ref().unchecked_ref(), true);
    let listener = StoredValue::new_local(listener);
    on_cleanup(move || {
        unload.remove();
        listener.with_value(|listener| {
            let _ = document().remove_event_listener_with_callback_and_bool(
                "click",
                listener.as_ref().unchecked_ref(),
                true,
            );
        });
    });

    let navigate = use_navigate();
    let leave = Callback::new(move |()| {
        kept.set(true);
        open.set(false);
        navigate(&target.get_untracked(), NavigateOptions::default());
    });
    view! {
        <Dialog open id="leave-dialog" title="Leave without keeping the credentials?">
            <p>"They are not shown again. If you have not stored them, you will have to regenerate them."</p>
            <div class="form-actions">
                <button type="button" class="button button-danger" data-testid="confirm" on:click=move |_| leave.run(())>"Leave"</button>
                <button type="button" class="button" data-testid="cancel" on:click=move |_| open.set(false)>"Stay here"</button>
            </div>
        </Dialog>
    }
}

/// The address that a click would open in this window.
fn followed_link(event: &web_sys::Event) -> Option<String> {
    let clicked = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    let link = clicked.closest("a[href]").ok().flatten()?;
    let href = link.get_attribute("href")?;
    let stays = link.has_attribute("download") || link.has_attribute("target") || !href.starts_with('/');
    (!stays).then_some(href)
}
