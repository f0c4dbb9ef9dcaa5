//! A modal dialog.

use super::{Icon, IconName, effect};
use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;

/// A modal dialog. Its content exists only while it is open; the browser gives the focus back when it closes.
#[component]
pub fn Dialog(
    open: RwSignal<bool>,
    /// Names the dialog on the page.
    id: &'static str,
    #[prop(into)] title: Signal<String>,
    /// Whether only its content closes it. Escape does not, and it has no close button.
    #[prop(optional)]
    stays: bool,
    children: ChildrenFn,
) -> impl IntoView {
    let node: NodeRef<html::Dialog> = NodeRef::new();
    // After its content is on the page.
    let show = move |dialog: web_sys::HtmlDialogElement| {
        request_animation_frame(move || {
            if open.try_get_untracked() != Some(true) {
                return;
            }
            // Fails only if the dialog is not on the page.
            let _ = dialog.show_modal();
            focus_first(&dialog);
        });
    };
    effect(move || {
        let Some(dialog) = node.get() else { return };
        match (open.get(), dialog.open()) {
            (true, false) => show(dialog),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let on_close = move |_| match node.get_untracked() {
        // The browser does not support `closedby`.
        Some(dialog) if stays && open.get_untracked() => show(dialog),
        _ => open.set(false),
    };
    let heading = format!("{id}-title");
    let labelled_by = heading.clone();
    view! {
        <dialog class="dialog" id=id node_ref=node aria-labelledby=labelled_by closedby=stays.then_some("none") on:close=on_close>
            <div class="dialog-head">
                <h2 id=heading>{title}</h2>
                {(!stays).then(|| view! {
                    <button type="button" class="button button-icon button-quiet" aria-label="Close" on:click=move |_| open.set(false)>
                        <Icon name=IconName::Close/>
                    </button>
                })}
            </div>
            <Show when=move || open.get()>
                <div class="dialog-body">{children()}</div>
            </Show>
        </dialog>
    }
}

/// Which element of a dialog gets the focus, best first: the first field (the chosen one of radio buttons), then the
/// button that changes nothing. The browser would choose “Close”, where Enter closes the dialog again.
const BEGINNINGS: [&str; 3] = [
    ".dialog-body :is(input:not([type='radio'], [hidden]), input:checked, select, textarea):not(:disabled)",
    ".dialog-body [data-testid='cancel']",
    ".dialog-body :is(button, a[href])",
];

fn focus_first(dialog: &web_sys::HtmlDialogElement) {
    let first = BEGINNINGS.iter().find_map(|css| dialog.query_selector(css).ok().flatten());
    if let Some(first) = first.and_then(|first| first.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = first.focus();
    }
}
