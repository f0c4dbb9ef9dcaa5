//! The shell of every form: its buttons, its summary of errors, and its pending state.

use super::state::id_of;
use super::{FailureNotice, FormState};
use crate::api::Failure;
use crate::state::{Leaving, Loss};
use crate::ui::{Icon, IconName};
use leptos::{ev, html, prelude::*};
use std::{future::Future, pin::Pin, sync::Arc};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;

type Work = Pin<Box<dyn Future<Output = Result<(), Failure>>>>;

/// The action of a form. It runs once all values keep the rules.
#[derive(Clone)]
pub struct Submit(Arc<dyn Fn() -> Work + Send + Sync>);

pub fn submit<Fut>(work: impl Fn() -> Fut + Send + Sync + 'static) -> Submit
where
    Fut: Future<Output = Result<(), Failure>> + 'static,
{
    Submit(Arc::new(move || Box::pin(work())))
}

/// A form. It checks the values before it sends them, shows that it waits, puts each error beside its field, and moves
/// the focus to the first error.
#[component]
pub fn Form(
    state: FormState,
    on_submit: Submit,
    /// The label of the button.
    #[prop(into)]
    action: Signal<String>,
    #[prop(optional, into)] danger: Signal<bool>,
    #[prop(optional)] quiet: bool,
    #[prop(default = "submit")] testid: &'static str,
    /// Shows a second button that leaves without sending.
    #[prop(optional_no_strip, into)]
    on_cancel: Option<Callback<()>>,
    /// The label of that button.
    #[prop(default = "Cancel")]
    cancel: &'static str,
    /// Whether the answer contains credentials that are shown only once. Then the leave guard asks while the form
    /// waits.
    #[prop(optional)]
    issues_credentials: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
    children: Children,
) -> impl IntoView {
    let node: NodeRef<html::Form> = NodeRef::new();
    expect_context::<Leaving>().watch(move || match issues_credentials && state.pending.try_get() == Some(true) {
        true => Some(Loss::Credentials),
        false => state.is_changed().then_some(Loss::Changes),
    });
    let send = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if state.pending.get_untracked() || disabled.get_untracked() {
            return;
        }
        if !state.try_submit() {
            focus_first_error(node);
            return;
        }
        let work = (on_submit.0)();
        spawn_local(async move {
            match work.await {
                Ok(()) => state.succeed(),
                Err(failure) => {
                    let beside_fields = !failure.field_errors().is_empty();
                    state.fail(failure);
                    if beside_fields {
                        focus_first_error(node);
                    }
                }
            }
        });
    };
    let kind = move || match (danger.get(), quiet) {
        (true, _) => "button button-danger",
        (false, true) => "button",
        (false, false) => "button button-primary",
    };
    view! {
        <form class="form" novalidate node_ref=node on:submit=send aria-busy=move || state.pending.get().to_string()>
            <ErrorSummary state/>
            {children()}
            <div role="alert">{move || state.failure.get().map(|failure| view! { <FailureNotice failure/> })}</div>
            <div class="form-actions">
                <button
                    type="submit"
                    class=kind
                    data-testid=testid
                    disabled=move || disabled.get()
                    aria-disabled=move || state.pending.get().then_some("true")
                >
                    {move || state.pending.get().then(|| view! { <span class="spinner" aria-hidden="true"></span> })}
                    {action}
                </button>
                {on_cancel.map(|on_cancel| view! {
                    <button type="button" class="button" data-testid="cancel" on:click=move |_| on_cancel.run(())>
                        {cancel}
                    </button>
                })}
            </div>
        </form>
    }
}

#[component]
fn ErrorSummary(state: FormState) -> impl IntoView {
    view! {
        <div role="alert">
            {move || {
                let errors = state.summary();
                (!errors.is_empty()).then(|| view! {
                    <div class="notice notice-danger" data-testid="error-summary">
                        <Icon name=IconName::Alert/>
                        <div>
                            <p class="notice-title">
                                {if errors.len() == 1 { "One field needs your attention".into() } else { format!("{} fields need your attention", errors.len()) }}
                            </p>
                            <ul>
                                {errors.into_iter().map(|(field, label, message)| {
                                    let id = id_of(&field);
                                    let text = if label.is_empty() { message } else { format!("{label}: {message}") };
                                    view! {
                                        <li>
                                            <a href=format!("#{id}") on:click=move |event| {
                                                event.prevent_default();
                                                focus(document().get_element_by_id(&id));
                                            }>{text}</a>
                                        </li>
                                    }
                                }).collect_view()}
                            </ul>
                        </div>
                    </div>
                })
            }}
        </div>
    }
}

/// Moves the focus to the first error, once it is on the page.
fn focus_first_error(form: NodeRef<html::Form>) {
    request_animation_frame(move || {
        let first = form.get_untracked().and_then(|form| form.query_selector("[aria-invalid=\"true\"]").ok().flatten());
        focus(first);
    });
}

fn focus(element: Option<web_sys::Element>) {
    if let Some(element) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = element.focus();
    }
}
