use super::Desk;
use crate::api::use_client;
use crate::form::{Form, FormState, submit};
use crate::state::use_toasts;
use crate::ui::LastUsed;
use gatehouse_shared::api::CredentialKind;
use leptos::prelude::*;

#[component]
pub fn RevokeForm(desk: Desk, kind: CredentialKind) -> impl IntoView {
    let (client, toasts) = (use_client(), use_toasts());
    let send = submit(move || async move {
        desk.remote.set(client.revoke_credential(desk.id, kind).await?);
        desk.close();
        toasts.success(format!("{} revoked.", kind.label()));
        Ok(())
    });
    let text = match kind {
        CredentialKind::ApiKey => {
            "Nothing can be signed and no Bearer Token asked for until you generate a new pair. Access Tokens stay, and work again with the new pair."
        }
        CredentialKind::AccessToken => "Requests signed with it are refused at once. You can generate a new one.",
        CredentialKind::BearerToken => {
            "Requests with it are refused at once. The next request to /oauth2/token makes a new one."
        }
        CredentialKind::ClientSecret => {
            "Requests to /2/oauth2/token with it fail at once, until you generate a new one. Users’ access tokens work until they expire."
        }
    };
    let previous = desk.previous(kind).map(|_| " The one before it, which still works, goes with it.");
    view! {
        <Form state=FormState::without_rules() on_submit=send action="Revoke" danger=true testid="confirm"
            on_cancel=Callback::new(move |()| desk.close())>
            <p>{text}{previous}</p>
        </Form>
    }
}

#[component]
pub fn EndOverlapForm(desk: Desk, kind: CredentialKind) -> impl IntoView {
    let (client, toasts) = (use_client(), use_toasts());
    let send = submit(move || async move {
        desk.remote.set(client.revoke_previous_credential(desk.id, kind).await?);
        desk.close();
        toasts.success("Overlap ended.");
        Ok(())
    });
    let day = desk.previous(kind).and_then(|previous| previous.last_used_on);
    view! {
        <Form state=FormState::without_rules() on_submit=send action="End overlap" danger=true testid="confirm"
            on_cancel=Callback::new(move |()| desk.close())>
            <p>"The previous one stops working at once; the new one is not touched. Of the previous one: "</p>
            <p><LastUsed day/></p>
        </Form>
    }
}
