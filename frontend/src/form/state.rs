//! The state of a form: errors, changes, and whether it waits for an answer.

use super::value::{Meanwhile, Tracked, Value};
use crate::api::Failure;
use gatehouse_shared::problem::FieldError;
use leptos::prelude::*;
use std::time::Duration;

/// The state of a form without its values: broken rules, refusals of the server, and whether it waits.
#[derive(Clone, Copy)]
pub struct FormState {
    /// The errors by the rules in `shared`, updated while the user types.
    broken: Memo<Vec<FieldError>>,
    /// The errors by the server. Editing a field removes its error.
    refused: RwSignal<Vec<FieldError>>,
    touched: RwSignal<Vec<String>>,
    labels: StoredValue<Vec<(String, String)>>,
    /// The tracked fields, which are compared and shown. Never a password.
    fields: RwSignal<Vec<Tracked>>,
    meanwhile: RwSignal<Vec<Meanwhile>>,
    tried: RwSignal<bool>,
    pub(super) pending: RwSignal<bool>,
    pub(super) failure: RwSignal<Option<Failure>>,
}

impl FormState {
    /// `request` makes the request from the values and applies its rules. It is the only source of live errors.
    pub fn new<R>(request: impl Fn() -> Result<R, Vec<FieldError>> + Send + Sync + 'static) -> Self {
        Self {
            broken: Memo::new(move |_| request().err().unwrap_or_default()),
            refused: RwSignal::new(Vec::new()),
            touched: RwSignal::new(Vec::new()),
            labels: StoredValue::new(Vec::new()),
            fields: RwSignal::new(Vec::new()),
            meanwhile: RwSignal::new(Vec::new()),
            tried: RwSignal::new(false),
            pending: RwSignal::new(false),
            failure: RwSignal::new(None),
        }
    }

    /// For a form without rules of its own.
    pub fn without_rules() -> Self {
        Self::new(|| Ok(()))
    }

    /// The error beside a field: the refusal of the server, or the broken rule once the field was left or sent.
    pub fn error(self, field: &str) -> Option<String> {
        let of = |errors: &Vec<FieldError>| errors.iter().find(|e| e.field == field).map(|e| e.message.clone());
        self.refused.with(of).or_else(|| {
            let due = self.tried.get() || self.touched.with(|touched| touched.iter().any(|name| name == field));
            if due { self.broken.with(of) } else { None }
        })
    }

    /// All shown errors, with the labels of their fields.
    pub fn summary(self) -> Vec<(String, String, String)> {
        if !self.tried.get() {
            return Vec::new();
        }
        let mut errors = self.refused.get();
        self.broken.with(|broken| {
            let more = broken.iter().filter(|e| !errors.iter().any(|known| known.field == e.field));
            let more: Vec<FieldError> = more.cloned().collect();
            errors.extend(more);
        });
        let labels = self.labels.get_value();
        errors
            .into_iter()
            .map(|error| {
                let label = labels.iter().find(|(field, _)| *field == error.field).map(|(_, label)| label.clone());
                (error.field, label.unwrap_or_default(), error.message)
            })
            .collect()
    }

    /// Sets the label of a field in the summary.
    pub(super) fn name_field(self, field: &str, label: &str) {
        self.labels.update_value(|labels| {
            labels.retain(|(known, _)| known != field);
            labels.push((field.to_owned(), label.to_owned()));
        });
    }

    /// Tracks a field whose value the form saves. A field that is hidden and shown again keeps its first value to
    /// compare with.
    pub(super) fn track(self, name: &str, label: &str, value: Value) {
        self.name_field(name, label);
        let before = untrack(|| value.read()).unwrap_or_default();
        self.fields.update(|fields| match fields.iter_mut().find(|known| known.name == name) {
            Some(known) => known.value = value,
            None => {
                let (name, label) = (name.to_owned(), label.to_owned());
                fields.push(Tracked { name, label, value, before, sent: None });
            }
        });
    }

    /// Stops tracking a field. If it is shown again, its value at that time is its first value.
    pub fn forget(self, name: &str) {
        self.fields.try_update(|fields| fields.retain(|known| known.name != name));
    }

    /// Whether a field differs from its first value, or from the value saved last.
    pub fn is_changed(self) -> bool {
        self.fields.try_with(|fields| fields.iter().any(Tracked::is_changed)) == Some(true)
    }

    /// The fields that were changed elsewhere since the form was opened.
    pub(super) fn meanwhile(self) -> Vec<Meanwhile> {
        self.meanwhile.get()
    }

    /// Takes the saved values, from this form or from elsewhere. Fields that the user has not edited show them. Edited
    /// fields keep the input.
    pub fn follow(self, saved: &[(&'static str, String)]) {
        let mut meanwhile = Vec::new();
        self.fields.try_update(|fields| {
            for field in fields {
                let Some((_, theirs)) = saved.iter().find(|(name, _)| *name == field.name) else { continue };
                if *theirs == field.before {
                    continue;
                }
                let now = untrack(|| field.value.read());
                let is_edited = now.as_ref() != Some(&field.before) && now.as_ref() != Some(theirs);
                if !is_edited {
                    field.value.write(theirs);
                }
                field.before.clone_from(theirs);
                let theirs = field.value.in_words(theirs);
                meanwhile.push(Meanwhile { label: field.label.clone(), theirs, is_edited });
            }
        });
        if !meanwhile.is_empty() {
            self.meanwhile.set(meanwhile);
        }
    }

    /// Takes the saved values as the first values. Input since the form was sent stays, and counts as unsaved.
    pub fn restart(self, saved: &[(&'static str, String)]) {
        self.fields.try_update(|fields| {
            for field in fields {
                let Some((_, text)) = saved.iter().find(|(name, _)| *name == field.name) else { continue };
                let now = untrack(|| field.value.read());
                if now == field.sent && now.as_ref() != Some(text) {
                    field.value.write(text);
                }
                field.before.clone_from(text);
            }
        });
        let _ = self.meanwhile.try_set(Vec::new());
    }

    /// Shows the broken rule of a field shortly after the user left it. Not at once: the error would move a button away
    /// from the pointer while the user presses it.
    pub fn touch(self, field: String) {
        let show = move || {
            let _ = self.touched.try_update(|touched| {
                if !touched.contains(&field) {
                    touched.push(field);
                }
            });
        };
        set_timeout(show, Duration::from_millis(250));
    }

    /// Removes the refusal of the server, because the user edited the field.
    pub fn edit(self, field: &str) {
        // `callback_urls[2]` shifts when a line is removed, so remove the errors of the whole list.
        let stem = field.split('[').next().unwrap_or(field);
        if self.refused.with_untracked(|errors| errors.iter().any(|e| e.field.starts_with(stem))) {
            self.refused.update(|errors| errors.retain(|e| !e.field.starts_with(stem)));
        }
    }

    /// Whether the form may send the values. From now on it shows every broken rule.
    pub(super) fn try_submit(self) -> bool {
        self.tried.set(true);
        self.failure.set(None);
        self.refused.set(Vec::new());
        let is_sent = self.broken.with_untracked(Vec::is_empty);
        if is_sent {
            self.pending.set(true);
            self.fields.update(|fields| {
                for field in fields {
                    field.sent = untrack(|| field.value.read());
                }
            });
        }
        is_sent
    }

    pub(super) fn succeed(self) {
        let _ = self.tried.try_set(false);
        let _ = self.touched.try_set(Vec::new());
        let _ = self.pending.try_set(false);
    }

    pub(super) fn fail(self, failure: Failure) {
        if failure.is_signed_out() {
            // The portal asks the user to sign in again over the form.
        } else if failure.field_errors().is_empty() {
            let _ = self.failure.try_set(Some(failure));
        } else {
            let _ = self.refused.try_set(failure.field_errors().to_vec());
        }
        let _ = self.pending.try_set(false);
    }
}

/// The id of a field's element: its name with dots and brackets replaced.
pub(super) fn id_of(field: &str) -> String {
    field.replace(['.', '[', ']'], "-")
}
