use super::{Desk, text};
use crate::api::{Failure, use_client};
use crate::form::{Choice, Form, FormState, SelectField, TextField, submit};
use crate::ui::{date_value, end_of_day, now, use_toasts};
use gatehouse_shared::api::{CredentialKind, UpdateCredentialRequest};
use gatehouse_shared::model::UnixSeconds;
use gatehouse_shared::problem::FieldError;
use leptos::prelude::*;

const DAY: u64 = 86_400;

/// The choice of an expiry date: a day of the person's own calendar, at whose end the credential stops working.
#[derive(Clone, Copy)]
pub struct Expiry {
    /// `never`, a number of days, or `date`.
    choice: RwSignal<String>,
    /// `YYYY-MM-DD`, as a date field has it.
    date: RwSignal<String>,
    /// What was set before. As long as its day is not changed it stays to the second, also where a program set it.
    before: Option<UnixSeconds>,
}

impl Expiry {
    pub fn new(before: Option<UnixSeconds>) -> Self {
        let (choice, date) = match before {
            None => ("never", String::new()),
            Some(at) => ("date", date_value(at)),
        };
        Self { choice: RwSignal::new(choice.into()), date: RwSignal::new(date), before }
    }

    /// The chosen moment, if it keeps the rules.
    pub fn read(self) -> Result<Option<UnixSeconds>, Vec<FieldError>> {
        let date = match self.choice.get().as_str() {
            "never" => return Ok(None),
            "date" => self.date.get(),
            days => days.parse::<u64>().map_or(String::new(), |days| date_value(now().plus(days * DAY))),
        };
        match self.before {
            Some(before) if date_value(before) == date => return Ok(Some(before)),
            _ => {}
        }
        let missing = || vec![FieldError::new("expires_at", "required", text::expiry::MISSING)];
        let request = UpdateCredentialRequest { expires_at: Some(end_of_day(&date).ok_or_else(missing)?) };
        request.check(now()).map(|request| request.expires_at)
    }
}

#[component]
pub fn ExpiryFields(state: FormState, expiry: Expiry, label: &'static str) -> impl IntoView {
    let choices =
        [("never", "Never"), ("30", "In 30 days"), ("90", "In 90 days"), ("365", "In a year"), ("date", "On a date")];
    let choices = Signal::stored(choices.map(|(value, label)| Choice::new(value, label)).to_vec());
    view! {
        <SelectField state name="expiry" label value=expiry.choice choices/>
        <Show when=move || expiry.choice.with(|choice| choice == "date")>
            <TextField state name="expires_at" label=text::expiry::DATE hint=text::expiry::DATE_HINT kind="date" value=expiry.date literal=true/>
        </Show>
    }
}

/// Sets or clears the expiry date of what there is.
#[component]
pub fn ExpiryForm(desk: Desk, kind: CredentialKind) -> impl IntoView {
    let (client, toasts) = (use_client(), use_toasts());
    let expiry = Expiry::new(desk.current(kind).and_then(|credential| credential.expires_at));
    let state = FormState::new(move || expiry.read().map(|_| ()));
    let send = submit(move || {
        let expires_at = untrack(|| expiry.read());
        async move {
            let request = UpdateCredentialRequest { expires_at: expires_at.map_err(Failure::Invalid)? };
            desk.remote.set(client.update_credential(desk.id, kind, &request).await?);
            desk.close();
            toasts.success(text::expiry::SAVED);
            Ok(())
        }
    });
    view! {
        <Form state on_submit=send action="Save" testid="confirm" on_cancel=Callback::new(move |()| desk.close())>
            <p>{text::expiry::WHAT_HAPPENS}</p>
            <ExpiryFields state expiry label="Expires"/>
        </Form>
    }
}
