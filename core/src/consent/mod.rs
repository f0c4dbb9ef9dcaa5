//! What a user is told before they let an App act for them.

use gatehouse_shared::api::ScopeSummary;
use gatehouse_shared::description::OFFLINE_SCOPE;
use gatehouse_shared::model::Permission;

const LEVELS: [(Permission, &str); 3] = [
    (Permission::Read, "Read what you can read with this API."),
    (Permission::ReadWrite, "Add, change and delete things in your name."),
    (Permission::ReadWriteDirectMessages, "Read, send and delete your Direct Messages."),
];
const OFFLINE: &str = "Do so also while you are away, for up to a year, until you take it back.";
const NEVER: &str = "See your password or your e-mail address.";

/// What an App may do with a permission of OAuth 1.0a, a sentence each.
pub fn may_with_permission(level: Permission) -> Vec<String> {
    LEVELS.into_iter().filter(|(known, _)| *known <= level).map(|(_, text)| text.to_owned()).collect()
}

/// What it may not.
pub fn may_not_with_permission(level: Permission) -> Vec<String> {
    let above = LEVELS.into_iter().filter(|(known, _)| *known > level).map(|(_, text)| text);
    above.chain([NEVER]).map(str::to_owned).collect()
}

/// What an App may do with scopes of OAuth 2.0.
pub fn may_with_scopes(granted: &[&str], all: &[ScopeSummary]) -> Vec<String> {
    let known = all.iter().filter(|scope| granted.contains(&scope.name.as_str())).map(|scope| scope.text.clone());
    let offline = granted.contains(&OFFLINE_SCOPE).then(|| OFFLINE.to_owned());
    known.chain(offline).collect()
}

/// What it may not.
pub fn may_not_with_scopes(granted: &[&str], all: &[ScopeSummary]) -> Vec<String> {
    let others = all.iter().filter(|scope| !granted.contains(&scope.name.as_str())).map(|scope| scope.text.clone());
    others.chain([NEVER.to_owned()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_an_app_may_and_may_not_is_said_once() {
        for level in Permission::ALL {
            let (may, not) = (may_with_permission(level), may_not_with_permission(level));
            assert_eq!(may.len() + not.len(), LEVELS.len() + 1);
            assert!(may.iter().all(|text| !not.contains(text)));
        }
        let scope =
            |name: &str| ScopeSummary { name: name.into(), text: format!("{name}."), permission: Permission::Read };
        let all = [scope("a"), scope("b")];
        assert_eq!(may_with_scopes(&["a", OFFLINE_SCOPE], &all), ["a.", OFFLINE]);
        assert_eq!(may_not_with_scopes(&["a"], &all), ["b.", NEVER]);
    }
}
