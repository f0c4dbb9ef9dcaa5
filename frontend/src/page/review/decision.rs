//! Decides a developer application.

use super::text;
use super::waiting::count_waiting;
use crate::api::use_client;
use crate::form::{Form, FormState, TextArea, submit};
use crate::layout::Waiting;
use crate::state::{Remote, use_session};
use crate::ui::{Dialog, use_toasts};
use gatehouse_shared::api::{Access, DecideApplicationRequest, DeveloperAccountListItem, DeveloperAccountRecord};
use gatehouse_shared::model::{ApplicationState, DecisionKind, DeveloperAccountId};
use leptos::prelude::*;

struct Words {
    kind: DecisionKind,
    /// What it does, for whoever is about to decide.
    effect: &'static str,
    testid: &'static str,
    label: &'static str,
    class: &'static str,
    done: &'static str,
}

static DECISIONS: [Words; 5] = [
    Words {
        kind: DecisionKind::Approve,
        effect: text::APPROVE_EFFECT,
        testid: "approve",
        label: "Approve",
        class: "button button-primary",
        done: "Application approved.",
    },
    Words {
        kind: DecisionKind::RequestInformation,
        effect: text::INFORMATION_EFFECT,
        testid: "request-information",
        label: "Ask for more information",
        class: "button",
        done: "The developer is asked for more information.",
    },
    Words {
        kind: DecisionKind::Decline,
        effect: text::DECLINE_EFFECT,
        testid: "decline",
        label: "Decline",
        class: "button button-danger-quiet",
        done: "Application declined.",
    },
    Words {
        kind: DecisionKind::Suspend,
        effect: text::SUSPEND_DEVELOPER_EFFECT,
        testid: "suspend",
        label: "Suspend developer account",
        class: "button button-danger-quiet",
        done: "Developer account suspended.",
    },
    Words {
        kind: DecisionKind::Reinstate,
        effect: text::REINSTATE_DEVELOPER_EFFECT,
        testid: "reinstate",
        label: "Reinstate developer account",
        class: "button button-primary",
        done: "Developer account reinstated.",
    },
];

/// The decisions that the operator can make now. Each decision asks for a reason.
#[component]
pub fn Decision(
    id: DeveloperAccountId,
    state: ApplicationState,
    remote: Remote<DeveloperAccountRecord>,
    /// Set to the application that waits for the longest, after a decision.
    next: RwSignal<Option<DeveloperAccountListItem>>,
) -> impl IntoView {
    let (session, open) = (use_session(), RwSignal::new(false));
    // Reviewers do not suspend.
    let may_decide = |kind| {
        let access = match kind {
            DecisionKind::Suspend | DecisionKind::Reinstate => Access::Administrator,
            _ => Access::Reviewer,
        };
        untrack(|| session.may(access))
    };
    let chosen: RwSignal<Option<&'static Words>> = RwSignal::new(None);
    let possible: Vec<&'static Words> =
        DECISIONS.iter().filter(|words| words.kind.applied_to(state).is_some() && may_decide(words.kind)).collect();
    if possible.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="card" aria-labelledby="decision-title">
            <h2 id="decision-title" class="card-title">"Decision"</h2>
            <div class="button-column">
                {possible.into_iter().map(|words| view! {
                    <button type="button" class=words.class data-testid=words.testid on:click=move |_| {
                        chosen.set(Some(words));
                        open.set(true);
                    }>{words.label}</button>
                }).collect_view()}
            </div>
        </section>
        <Dialog open id="decision-dialog" title=Signal::derive(move || chosen.get().map_or_else(String::new, |words| words.label.to_owned()))>
            {chosen.get_untracked().map(|words| view! { <DecisionForm id words open remote next/> })}
        </Dialog>
    }
    .into_any()
}

#[component]
fn DecisionForm(
    id: DeveloperAccountId,
    words: &'static Words,
    open: RwSignal<bool>,
    remote: Remote<DeveloperAccountRecord>,
    next: RwSignal<Option<DeveloperAccountListItem>>,
) -> impl IntoView {
    let (client, toasts) = (use_client(), use_toasts());
    let waiting: Waiting = expect_context();
    let reason = RwSignal::new(String::new());
    let request = move || DecideApplicationRequest { decision: words.kind, reason: reason.get() }.check();
    let state = FormState::new(request);
    let send = submit(move || async move {
        let Ok(request) = untrack(request) else { return Ok(()) };
        client.decide_application(id, &request).await?;
        open.set(false);
        toasts.success(words.done);
        count_waiting(client, waiting);
        remote.reload();
        // Without it, the reader goes back to the queue.
        if let Ok(queue) = client.list_applications("in-review", "").await {
            next.set(queue.items.into_iter().find(|waiting| waiting.id != id));
        }
        Ok(())
    });
    let may_be_empty = matches!(words.kind, DecisionKind::Approve | DecisionKind::Reinstate);
    let danger = matches!(words.kind, DecisionKind::Decline | DecisionKind::Suspend);
    view! {
        <p class="hint">{words.effect}</p>
        <Form state on_submit=send action=words.label danger testid="confirm" on_cancel=Callback::new(move |()| open.set(false))>
            <TextArea state name="reason" label=text::REASON value=reason most=1000 rows=4 optional=may_be_empty
                hint=text::DECISION_REASON_HINT/>
        </Form>
    }
}
