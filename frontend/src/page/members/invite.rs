//! Invites somebody by username, or makes a link for whoever gets it.

use super::managing::Managing;
use super::text::invite as text;
use crate::api::{Failure, use_client};
use crate::form::{Choice, Form, FormState, RadioCards, TextField, submit};
use crate::ui::{CopyButton, Dialog, Notice, Tone, use_toasts};
use crate::widget::{role_choices, role_of, sample_call::origin};
use gatehouse_shared::api::{CreateInvitationRequest, CreatedInvitation};
use gatehouse_shared::model::MemberRole;
use leptos::prelude::*;

const USERNAME: &str = "username";
const LINK: &str = "link";

#[component]
pub fn InviteDialog(managing: Managing, open: RwSignal<bool>) -> impl IntoView {
    // The address of a link that was just made. Closing the dialog forgets it.
    let link: RwSignal<Option<String>> = RwSignal::new(None);
    let title = Signal::derive(move || {
        if link.with(Option::is_some) { text::LINK_TITLE.to_owned() } else { text::title(&managing.name()) }
    });
    view! {
        <Dialog open id="invite-dialog" title>
            {
                link.set(None);
                move || match link.get() {
                    Some(link) => view! { <NewLink link open/> }.into_any(),
                    None => view! { <InviteForm managing link open/> }.into_any(),
                }
            }
        </Dialog>
    }
}

#[component]
fn InviteForm(managing: Managing, link: RwSignal<Option<String>>, open: RwSignal<bool>) -> impl IntoView {
    let (client, toasts) = (use_client(), use_toasts());
    let how = RwSignal::new(USERNAME.to_owned());
    let username = RwSignal::new(String::new());
    let role = RwSignal::new(MemberRole::Developer.as_str().to_owned());
    let by_username = Signal::derive(move || how.with(|how| how == USERNAME));
    let request = move || {
        let username = by_username.get().then(|| username.get());
        CreateInvitationRequest { username, role: role_of(&role.get()) }.check()
    };
    let state = FormState::new(request);
    let send = submit(move || async move {
        let request = untrack(request).map_err(Failure::Invalid)?;
        let CreatedInvitation { invitation_code, .. } = client.create_invitation(managing.id, &request).await?;
        match (request.username, invitation_code) {
            (_, Some(code)) => link.set(Some(format!("{}/invitations/{}/{code}", origin(), managing.id))),
            (username, None) => {
                open.set(false);
                toasts.success(text::sent(&username.unwrap_or_default()));
            }
        }
        managing.remote.reload();
        Ok(())
    });
    let ways = vec![
        Choice::new(USERNAME, text::BY_USERNAME).hint(text::BY_USERNAME_HINT),
        Choice::new(LINK, text::BY_LINK).hint(text::BY_LINK_HINT),
    ];
    let action = Signal::derive(move || if by_username.get() { text::SEND } else { text::CREATE_LINK }.to_owned());
    let choices = role_choices(untrack(|| managing.roles()));
    view! {
        <Form state on_submit=send action testid="confirm" on_cancel=Callback::new(move |()| open.set(false))>
            <RadioCards state name="how" legend=text::HOW value=how choices=ways testid="invite-by" row=true/>
            <Show when=move || by_username.get()>
                <TextField state name="username" label=text::USERNAME hint=text::USERNAME_HINT value=username literal=true/>
            </Show>
            <RadioCards state name="role" legend=text::ROLE value=role choices=choices.clone() testid="role"/>
        </Form>
    }
}

/// Shows the link once.
#[component]
fn NewLink(link: String, open: RwSignal<bool>) -> impl IntoView {
    view! {
        <Notice tone=Tone::Info><p>{text::LINK_ONCE}</p></Notice>
        <div class="code-block">
            <pre class="invitation-link" tabindex="0" role="group" aria-label=text::LINK><code data-testid="invitation-link">{link.clone()}</code></pre>
            <CopyButton text=link what=text::LINK testid="copy-link"/>
        </div>
        <div class="form-actions">
            <button type="button" class="button" data-testid="link-done" on:click=move |_| open.set(false)>{text::DONE}</button>
        </div>
    }
}
