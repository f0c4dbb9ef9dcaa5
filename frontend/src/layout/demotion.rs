//! Tells the user that they are no longer a member of a developer account, or that their role is lower.

use super::text::{TO_DASHBOARD, demotion as text};
use crate::state::{Demotion, Leaving, use_session};
use crate::ui::{Dialog, effect};
use gatehouse_shared::model::MemberRole;
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// Opens by itself over the page that noticed it.
#[component]
pub fn DemotionDialog() -> impl IntoView {
    let session = use_session();
    let open = RwSignal::new(false);
    effect(move || open.set(session.demotion().is_some()));
    let title = Signal::derive(move || {
        session.demotion().map(|Demotion { name, role }| text::title(&name, role)).unwrap_or_default()
    });
    view! {
        <Dialog open id="demotion" title stays=true>
            {move || session.demotion().map(|demotion| match demotion.role {
                Some(role) => view! { <Lowered role/> }.into_any(),
                None => view! { <Ended/> }.into_any(),
            })}
        </Dialog>
    }
}

#[component]
fn Ended() -> impl IntoView {
    let (session, navigate) = (use_session(), use_navigate());
    let leaving: Leaving = expect_context();
    let leave = move |_| {
        // Nothing on the page can be saved any more.
        leaving.forget();
        session.dismiss_demotion();
        navigate("/dashboard", NavigateOptions::default());
    };
    view! {
        <p>{text::ENDED_WHY}</p>
        <div class="form-actions">
            <button type="button" class="button button-primary" data-testid="demotion-done" on:click=leave>{TO_DASHBOARD}</button>
        </div>
    }
}

#[component]
fn Lowered(role: MemberRole) -> impl IntoView {
    let session = use_session();
    view! {
        <p>{role.summary()} {(role == MemberRole::Viewer).then(|| format!(" {}", text::NO_TOKENS))}</p>
        <div class="form-actions">
            <button type="button" class="button button-primary" data-testid="demotion-done" on:click=move |_| session.dismiss_demotion()>
                {text::CONTINUE}
            </button>
        </div>
    }
}
