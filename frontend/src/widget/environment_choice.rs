//! Offers the environments of an App as choices of a form.

use crate::form::Choice;
use gatehouse_shared::model::Environment;

pub fn environment_choices() -> Vec<Choice> {
    Environment::ALL.into_iter().map(|e| Choice::new(e.as_str(), e.label())).collect()
}

/// Reads the value of a choice.
pub fn environment_of(value: &str) -> Environment {
    Environment::ALL.into_iter().find(|known| known.as_str() == value).unwrap_or_default()
}
