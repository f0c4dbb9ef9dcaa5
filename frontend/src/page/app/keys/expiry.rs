use super::Desk;
use crate::api::use_client;
use crate::form::{Choice, Form, FormState, SelectField, TextField, submit};
use crate::state::use_toasts;
use crate::ui::{Notice, Tag, Tone, date_text, now, start_of_day};
use gatehouse_shared::api::{CredentialKind, NextExpiry, UpdateCredentialRequest};
use gatehouse_shared::model::UnixSeconds;
use gatehouse_shared::problem::FieldError;
use leptos::prelude::*;

const DAY: u64 = 86_400;
/// When one is warned, and when urgently, in days.
const SOON: u64 = 14;
const VERY_SOON: u64 = 3;

/// How near an expiry date is, in words; the tone rises as it comes near.
fn nearness(at: UnixSeconds) -> (Tone, String) {
    let left = at.0.saturating_sub(now().0);
    let days = left.div_ceil(DAY);
    match left {
        0 => (Tone::Danger, format!("Stopped working on {}", date_text(at))),
        left if left > SOON * DAY => (Tone::Neutral, format!("Stops working on {}", date_text(at))),
        left => {
            let tone = if left > VERY_SOON * DAY { Tone::Warning } else { Tone::Danger };
            (tone, format!("Stops working within {days} {}", if days == 1 { "day" } else { "days" }))
        }
    }
}

#[component]
pub fn ExpiryTag(at: UnixSeconds) -> impl IntoView {
    let (tone, text) = nearness(at);
    view! { <Tag tone text/> }
}

/// Warns of a credential that stops working soon, or has stopped.
#[component]
pub fn ExpiryNotice(next: NextExpiry, app_name: String, href: String) -> impl IntoView {
    let (tone, text) = nearness(next.at);
    (tone != Tone::Neutral).then(|| {
        view! {
            <Notice tone title=format!("{}: {} of {app_name}", text, next.kind.label()) testid="expiry-notice">
                <p>"Regenerate it with an overlap, or give it more time, on " <a href=href>"Keys and tokens"</a> "."</p>
            </Notice>
        }
    })
}

/// The choice of an expiry date.
#[derive(Clone, Copy)]
pub struct Expiry {
    /// `never`, a number of days, or `date`.
    choice: RwSignal<String>,
    /// `YYYY-MM-DD`, as a date field has it.
    date: RwSignal<String>,
}

impl Expiry {
    pub fn new(at: Option<UnixSeconds>) -> Self {
        let (choice, date) = match at {
            None => ("never", String::new()),
            Some(at) => ("date", crate::ui::date_value(at)),
        };
        Self { choice: RwSignal::new(choice.into()), date: RwSignal::new(date) }
    }

    /// The chosen moment, if it keeps the rules.
    pub fn read(self) -> Result<Option<UnixSeconds>, Vec<FieldError>> {
        let expires_at = match self.choice.get().as_str() {
            "never" => return Ok(None),
            "date" => self.date.with(|date| start_of_day(date)),
            days => days.parse::<u64>().ok().map(|days| now().plus(days * DAY)),
        };
        let missing = || vec![FieldError::new("expires_at", "required", "Choose a day.")];
        let request = UpdateCredentialRequest { expires_at: Some(expires_at.ok_or_else(missing)?) };
        request.check(now()).map(|request| request.expires_at)
    }
}

#[component]
pub fn ExpiryFields(state: FormState, expiry: Expiry, label: &'static str) -> impl IntoView {
    let choices =
        [("never", "Never"), ("30", "In 30 days"), ("90", "In 90 days"), ("365", "In a year"), ("date", "On a day")];
    let choices = Signal::stored(choices.map(|(value, label)| Choice::new(value, label)).to_vec());
    view! {
        <SelectField state name="expiry" label value=expiry.choice choices/>
        <Show when=move || expiry.choice.with(|choice| choice == "date")>
            <TextField state name="expires_at" label="Stops working at the start of" kind="date" value=expiry.date literal=true/>
        </Show>
    }
}

/// Sets or clears the expiry date of what there is.
#[component]
pub fn ExpiryForm(desk: Desk, kind: CredentialKind) -> impl IntoView {
    let (client, toasts) = (use_client(), use_toasts());
    let expiry = Expiry::new(desk.current(kind).and_then(|credential| credential.expires_at));
    let state = FormState::new(move || expiry.read().map(|_| ()));
    let send = submit(move || async move {
        let request = UpdateCredentialRequest { expires_at: expiry.read().unwrap_or_default() };
        desk.remote.set(client.update_credential(desk.id, kind, &request).await?);
        desk.close();
        toasts.success("Expiry saved.");
        Ok(())
    });
    view! {
        <Form state on_submit=send action="Save" testid="confirm" on_cancel=Callback::new(move |()| desk.close())>
            <p>"You are warned here 14 and 3 days before. Then it stops, and nothing else does."</p>
            <ExpiryFields state expiry label="It expires"/>
        </Form>
    }
}
