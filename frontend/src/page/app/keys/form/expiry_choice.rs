//! The fields that choose when a credential expires.

use super::text;
use crate::form::{Choice, FormState, SelectField, TextField};
use crate::ui::{date_value, end_of_day, now};
use gatehouse_shared::api::UpdateCredentialRequest;
use gatehouse_shared::model::{DAY_SECONDS, UnixSeconds};
use gatehouse_shared::problem::FieldError;
use leptos::prelude::*;

/// The chosen expiry date: a day in the calendar of the user. The credential stops working at the end of that day.
#[derive(Clone, Copy)]
pub struct ExpiryChoice {
    /// `never`, a number of days, or `date`.
    choice: RwSignal<String>,
    /// `YYYY-MM-DD`, the format of a date field.
    date: RwSignal<String>,
    /// The present expiry. While the user keeps its day, it keeps its second too: a program may have set it.
    before: Option<UnixSeconds>,
}

impl ExpiryChoice {
    pub fn new(before: Option<UnixSeconds>) -> Self {
        let (choice, date) = match before {
            None => ("never", String::new()),
            Some(at) => ("date", date_value(at)),
        };
        Self { choice: RwSignal::new(choice.into()), date: RwSignal::new(date), before }
    }

    /// Reads the chosen moment. A date that cannot be read is an error, never "no expiry".
    pub fn read(self) -> Result<Option<UnixSeconds>, Vec<FieldError>> {
        let date = match self.choice.get().as_str() {
            "never" => return Ok(None),
            "date" => self.date.get(),
            days => days.parse::<u64>().map_or(String::new(), |days| date_value(now().plus(days * DAY_SECONDS))),
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

/// The fields of the choice.
#[component]
pub fn ExpiryFields(state: FormState, expiry: ExpiryChoice, label: &'static str) -> impl IntoView {
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
