use super::Desk;
use super::expiry::{Expiry, ExpiryFields};
use crate::api::use_client;
use crate::form::{Choice, Form, FormState, RadioCards, SelectField, submit};
use crate::state::use_toasts;
use crate::ui::{Moment, Notice, Tone};
use gatehouse_shared::api::{CredentialKind, RegenerateCredentialRequest};
use leptos::prelude::*;

const AT_ONCE: &str = "at-once";
const OVERLAP: &str = "overlap";

/// Makes a credential or replaces it, and says before what follows from it.
#[component]
pub fn RegenerateForm(desk: Desk, kind: CredentialKind) -> impl IntoView {
    let (client, toasts) = (use_client(), use_toasts());
    let how = RwSignal::new(AT_ONCE.to_owned());
    let hours = RwSignal::new("24".to_owned());
    let expiry = Expiry::new(None);
    let state = FormState::new(move || expiry.read().map(|_| ()));
    let is_new = desk.current(kind).is_none();
    let running = desk.previous(kind).and_then(|previous| previous.works_until);
    let with_overlap = Signal::derive(move || how.with(|how| how == OVERLAP));
    let send = submit(move || async move {
        let request = RegenerateCredentialRequest {
            overlap_hours: with_overlap.get_untracked().then(|| hours.get_untracked().parse().unwrap_or(24)),
            expires_at: expiry.read().unwrap_or_default(),
        };
        let credentials = client.regenerate_credential(desk.id, kind, &request).await?;
        desk.close();
        desk.issued.set(Some(credentials));
        toasts.success(format!("{} {}.", kind.label(), if is_new { "generated" } else { "regenerated" }));
        desk.remote.reload();
        Ok(())
    });
    let action = if is_new { "Generate" } else { "Regenerate" };
    let choices = vec![
        Choice::new(AT_ONCE, "Replace at once").hint("The old one stops working now. Right after a leak."),
        Choice::new(OVERLAP, "Keep the old one working for a while")
            .hint("Both work, so that you can change over in peace."),
    ];
    let overlaps = [("1", "1 hour"), ("24", "1 day"), ("168", "7 days"), ("720", "30 days")];
    let overlaps = Signal::stored(overlaps.map(|(value, label)| Choice::new(value, label)).to_vec());
    view! {
        <Form state on_submit=send action danger={!is_new} testid="confirm" on_cancel=Callback::new(move |()| desk.close())>
            {(!is_new && running.is_none()).then(|| view! {
                <RadioCards state name="how" legend="The old one" value=how choices=choices.clone() testid="how"/>
                <Show when=move || with_overlap.get()>
                    <SelectField state name="overlap" label="Both work for" value=hours choices=overlaps/>
                </Show>
            })}
            {running.map(|until| view! {
                <Notice tone=Tone::Warning>
                    <p>"The one before this still works until " <Moment at=until/> ". Regenerating now ends both at once. To change over in peace once more, end that overlap first."</p>
                </Notice>
            })}
            <p>{move || consequence(desk, kind, is_new, with_overlap.get())}</p>
            <ExpiryFields state expiry label="The new one expires"/>
            <p class="hint">"It is shown once, right after this."</p>
        </Form>
    }
}

/// What happens, before it does.
fn consequence(desk: Desk, kind: CredentialKind, is_new: bool, with_overlap: bool) -> String {
    let level = desk.app.with(|app| app.settings.permission.label());
    let when = if with_overlap { "when the overlap ends" } else { "at once" };
    match (kind, is_new) {
        (CredentialKind::AccessToken, true) => {
            format!("The Access Token acts as you, with the App’s present permission: {level}.")
        }
        (CredentialKind::ClientSecret, true) => {
            "Your App sends it to /2/oauth2/token, together with its Client ID.".to_owned()
        }
        (_, true) => "Whatever had the old one needs the new one.".to_owned(),
        (CredentialKind::ApiKey, false) => format!(
            "Requests signed with the old pair fail {when}. Access Tokens stay valid, with the new pair. The Bearer Token stays as it is."
        ),
        (CredentialKind::AccessToken, false) => format!(
            "Requests signed with the old token fail {when}. The new one bears the App’s present permission: {level}."
        ),
        (CredentialKind::BearerToken, false) => {
            format!("Requests with the old token are refused {when}. From now on /oauth2/token gives the new one.")
        }
        (CredentialKind::ClientSecret, false) => {
            format!("Requests to /2/oauth2/token with the old secret fail {when}. Users’ tokens stay valid.")
        }
    }
}
