//! Offers the permission levels of an App as choices of a form.

use super::labels;
use crate::form::Choice;
use crate::state::use_description;
use gatehouse_shared::api::ApiSummary;
use gatehouse_shared::model::Permission;

/// Offers the levels that the API asks for, and the present level of the App.
pub fn permission_choices(present: Permission) -> Vec<Choice> {
    let asked = use_description().with(ApiSummary::permissions).unwrap_or_else(|| Permission::ALL.to_vec());
    let levels = Permission::ALL.into_iter().filter(|level| *level == present || asked.contains(level));
    levels.map(|level| Choice::new(level.as_str(), level.label()).hint(labels::permission_hint(level))).collect()
}

/// Reads the value of a choice.
pub fn permission_of(value: &str) -> Permission {
    Permission::ALL.into_iter().find(|known| known.as_str() == value).unwrap_or_default()
}
