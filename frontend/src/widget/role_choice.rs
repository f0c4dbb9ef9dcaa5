//! Offers the roles of members as choices of a form.

use crate::form::Choice;
use gatehouse_shared::model::MemberRole;

/// Offers roles, each with a line that says what it may do.
pub fn role_choices(roles: Vec<MemberRole>) -> Vec<Choice> {
    roles.into_iter().map(|role| Choice::new(role.as_str(), role.label()).hint(role.summary())).collect()
}

/// Reads the value of a choice. One that cannot be read is the lowest role.
pub fn role_of(value: &str) -> MemberRole {
    MemberRole::ALL.into_iter().find(|known| known.as_str() == value).unwrap_or(MemberRole::Viewer)
}
