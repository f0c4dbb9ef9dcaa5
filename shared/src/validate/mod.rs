//! The rules for what people type, one function a kind of field.
//!
//! Each takes the text as typed and gives the text to keep, or the broken
//! rule. The portal calls them while one types, the Worker when it arrives.

mod account;
mod invisible;
mod scheme;
mod text;
mod url;

pub use account::{email, password, username};
pub use invisible::is_invisible;
pub use text::{
    app_name, description, note, optional_use_case, organization, project_name, reason, reserved_word, use_case,
};
pub use url::{callback_url, callback_urls, optional_url, website_url};

use crate::problem::FieldError;
use serde::{Deserialize, Serialize};

/// A broken rule, not yet tied to a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// A fixed kebab-case name, such as `too-short`.
    pub rule: &'static str,
    /// What to do, for the person at the form.
    pub message: String,
}

impl Violation {
    fn new(rule: &'static str, message: impl Into<String>) -> Self {
        Self { rule, message: message.into() }
    }
}

/// The rules that a deployment sets for itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Rules {
    /// Fewest characters of a use case.
    pub use_case_minimum: usize,
    /// Words that no App name and no organization may contain, such as
    /// trademarks; lower case.
    pub reserved_words: Vec<String>,
    /// Whether a callback may be plain http on another host than loopback.
    pub http_callbacks: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self { use_case_minimum: 100, reserved_words: Vec::new(), http_callbacks: false }
    }
}

/// Collects the broken rules of a whole request.
#[derive(Default)]
pub struct Check {
    errors: Vec<FieldError>,
}

impl Check {
    /// Replaces `value` by its kept form, or notes the broken rule.
    pub fn field(&mut self, name: &str, value: &mut String, rule: impl FnOnce(&str) -> Result<String, Violation>) {
        match rule(value) {
            Ok(kept) => *value = kept,
            Err(violation) => self.refuse(name, violation),
        }
    }

    /// As [`Check::field`], for a field that may be left out.
    pub fn optional(
        &mut self,
        name: &str,
        value: &mut Option<String>,
        rule: impl FnOnce(&str) -> Result<String, Violation>,
    ) {
        if let Some(value) = value {
            self.field(name, value, rule);
        }
    }

    /// Notes a broken rule for a field.
    pub fn refuse(&mut self, field: impl Into<String>, violation: Violation) {
        self.errors.push(FieldError::new(field, violation.rule, violation.message));
    }

    /// Notes the errors of an inner object.
    pub fn inner(&mut self, outer: &str, errors: Vec<FieldError>) {
        self.errors.extend(errors.into_iter().map(|error| error.within(outer)));
    }

    /// Gives `value` where no rule was broken.
    pub fn finish<T>(self, value: T) -> Result<T, Vec<FieldError>> {
        if self.errors.is_empty() { Ok(value) } else { Err(self.errors) }
    }
}
