//! What other developer accounts offer to this one.

use super::text::transfer as text;
use crate::api::use_client;
use crate::layout::focus_heading;
use crate::state::{Remote, Task, use_session};
use crate::ui::{Date, Notice, Tone, use_toasts};
use gatehouse_shared::api::{Dashboard, ReceivedTransfer, TransferSubject};
use gatehouse_shared::model::{DeveloperAccountId, MemberRole};
use leptos::prelude::*;

#[component]
pub fn ReceivedTransfers(
    transfers: Vec<ReceivedTransfer>,
    of: DeveloperAccountId,
    remote: Remote<Dashboard>,
) -> impl IntoView {
    transfers.into_iter().map(move |transfer| view! { <Received of transfer remote/> }).collect_view()
}

#[component]
fn Received(of: DeveloperAccountId, transfer: ReceivedTransfer, remote: Remote<Dashboard>) -> impl IntoView {
    let (client, session, toasts, task) = (use_client(), use_session(), use_toasts(), Task::new());
    let may_answer = !transfer.accepted && session.has_role_in_approved(of, MemberRole::Admin);
    let id = transfer.id;
    let testid = format!("transfer-{id}");
    let answer = move |accepts: bool| {
        let id = id.clone();
        task.run(async move {
            if accepts {
                client.accept_transfer(of, &id).await?;
                toasts.success(text::ACCEPTED);
            } else {
                client.decline_transfer(of, &id).await?;
                toasts.success(text::DECLINED);
            }
            // The button with the focus is gone with its notice.
            focus_heading();
            remote.reload();
            Ok(())
        });
    };
    let decline = answer.clone();
    let (accept_label, decline_label) =
        (text::answer_to(text::ACCEPT, &transfer.name), text::answer_to(text::DECLINE, &transfer.name));
    view! {
        <div data-testid=testid>
            <Notice tone=Tone::Info title=text::title(&transfer.from_name, transfer.subject, &transfer.name)>
                {matches!(transfer.subject, TransferSubject::Project(_)).then(|| view! { <p>{text::apps(&transfer.apps)}</p> })}
                {if transfer.accepted {
                    view! { <p>{text::ON_ITS_WAY}</p> }.into_any()
                } else {
                    view! {
                        <p>{text::offered_by(&transfer.offered_by)} " " {text::EXPIRES} <Date at=transfer.expires_at/> ". " {text::COUNTS}</p>
                    }.into_any()
                }}
                {may_answer.then(|| view! {
                    <div class="button-row">
                        <button type="button" class="button button-small button-primary" data-testid="accept-transfer" aria-label=accept_label
                            disabled=move || task.is_pending() on:click=move |_| answer(true)>{text::ACCEPT}</button>
                        <button type="button" class="button button-small" data-testid="decline-transfer" aria-label=decline_label
                            disabled=move || task.is_pending() on:click=move |_| decline(false)>{text::DECLINE}</button>
                    </div>
                })}
            </Notice>
        </div>
    }
}
