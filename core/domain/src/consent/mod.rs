//! What a user is told before they let an App act for them.

use gatehouse_shared::description::{ApiDescription, OFFLINE_SCOPE};
use gatehouse_shared::model::{Permission, ScopeSummary};
use serde::{Deserialize, Serialize};

const LEVELS: [(Permission, &str); 3] = [
    (Permission::Read, "Read everything you can read with this API."),
    (Permission::ReadWrite, "Add, change, and delete things in your name."),
    (Permission::ReadWriteDirectMessages, "Read, send, and delete your Direct Messages."),
];
const OFFLINE: &str = "Keep this access when you’re not using the App, for up to a year or until you revoke it.";
const NEVER: &str = "See your password or your email address.";

/// What an App is let do for a user, by a permission of OAuth 1.0a, by scopes
/// of OAuth 2.0, or by both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowed {
    pub permission: Option<Permission>,
    pub scopes: Vec<String>,
}

impl Allowed {
    pub fn by_permission(permission: Permission) -> Self {
        Self { permission: Some(permission), scopes: Vec::new() }
    }

    pub fn by_scopes(scopes: Vec<String>) -> Self {
        Self { permission: None, scopes }
    }

    fn has_scope(&self, name: &str) -> bool {
        self.scopes.iter().any(|scope| scope == name)
    }
}

/// What Apps can be let do with an API.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Catalog {
    /// Those that mean something with this API, lowest first.
    pub permissions: Vec<Permission>,
    pub scopes: Vec<ScopeSummary>,
}

/// A request for consent in words, a sentence for each thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentences {
    /// What the user agrees to.
    pub may: Vec<String>,
    /// What the App can do besides that, with what the user agreed to earlier.
    pub already: Vec<String>,
    /// What it can't do.
    pub may_not: Vec<String>,
}

impl Catalog {
    pub fn of(api: &ApiDescription) -> Self {
        Self { permissions: api.permissions(), scopes: api.scopes.clone() }
    }

    /// The permission that a consent gives where `asked` is asked for: none
    /// that means nothing today, and might tomorrow.
    pub fn highest(&self, asked: Permission) -> Permission {
        self.permissions.last().map_or(asked, |highest| asked.min(*highest))
    }

    fn levels(&self) -> impl Iterator<Item = (Permission, &'static str)> {
        LEVELS.into_iter().filter(|(level, _)| self.permissions.contains(level))
    }

    /// What an App may do, a sentence each.
    pub fn sentences(&self, allowed: &Allowed) -> Vec<String> {
        let levels = self.levels().filter(|(level, _)| Some(*level) <= allowed.permission);
        let scopes = self.scopes.iter().filter(|scope| allowed.has_scope(&scope.name));
        let offline = allowed.has_scope(OFFLINE_SCOPE).then_some(OFFLINE);
        let texts = levels.map(|(_, text)| text).chain(scopes.map(|scope| scope.text.as_str())).chain(offline);
        texts.map(str::to_owned).collect()
    }

    /// Puts a request into words for a user who agreed to `earlier` before.
    pub fn describe(&self, asked: &Allowed, earlier: &Allowed) -> Sentences {
        let may = self.sentences(asked);
        let mut already = self.sentences(earlier);
        already.retain(|text| !may.contains(text));
        // A scope lets an App do something of its permission, and a permission everything that needs it.
        let scopes = self.scopes.iter().filter(|scope| earlier.has_scope(&scope.name));
        let reached = scopes.map(|scope| scope.permission).chain(earlier.permission).max();
        let mut may_not: Vec<String> = match asked.permission {
            Some(permission) => {
                let above = self.levels().filter(|(level, _)| *level > permission && Some(*level) > reached);
                above.map(|(_, text)| text.to_owned()).collect()
            }
            None => {
                let others = self.scopes.iter().filter(|scope| {
                    let is_given = asked.has_scope(&scope.name) || earlier.has_scope(&scope.name);
                    !is_given && Some(scope.permission) > earlier.permission
                });
                others.map(|scope| scope.text.clone()).collect()
            }
        };
        may_not.push(NEVER.to_owned());
        Sentences { may, already, may_not }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalog(permissions: &[Permission]) -> Catalog {
        let scope = |name: &str, permission| ScopeSummary { name: name.into(), text: format!("{name}."), permission };
        let scopes = vec![scope("read", Permission::Read), scope("write", Permission::ReadWrite)];
        Catalog { permissions: permissions.to_vec(), scopes }
    }

    fn scopes(names: &[&str]) -> Allowed {
        Allowed::by_scopes(names.iter().map(|name| (*name).to_owned()).collect())
    }

    #[test]
    fn all_that_an_app_may_and_may_not_is_said_once() {
        let nothing = Allowed::default();
        for level in Permission::ALL {
            let said = catalog(&Permission::ALL).describe(&Allowed::by_permission(level), &nothing);
            assert_eq!(said.may.len() + said.may_not.len(), LEVELS.len() + 1);
            assert!(said.may.iter().all(|text| !said.may_not.contains(text)));
            assert_eq!(said.already, [""; 0]);
        }
        let said = catalog(&Permission::ALL).describe(&scopes(&["read", OFFLINE_SCOPE]), &nothing);
        assert_eq!(
            (said.may, said.may_not),
            (vec!["read.".into(), OFFLINE.into()], vec!["write.".into(), NEVER.into()])
        );
    }

    #[test]
    fn what_an_earlier_grant_allows_is_never_called_impossible() {
        let all = catalog(&Permission::ALL);
        let [read, write, messages] = LEVELS.map(|(_, text)| text.to_owned());
        let never = NEVER.to_owned();
        for (asked, earlier, already, may_not) in [
            (scopes(&["read"]), scopes(&["write"]), vec!["write.".to_owned()], vec![never.clone()]),
            (scopes(&["read"]), scopes(&["read"]), vec![], vec!["write.".to_owned(), never.clone()]),
            // A token of the other protocol does the same things.
            (
                scopes(&["read"]),
                Allowed::by_permission(Permission::ReadWrite),
                vec![read.clone(), write.clone()],
                vec![never.clone()],
            ),
            (
                Allowed::by_permission(Permission::Read),
                scopes(&["write"]),
                vec!["write.".to_owned()],
                vec![messages.clone(), never.clone()],
            ),
            (
                Allowed::by_permission(Permission::Read),
                Allowed::by_permission(Permission::ReadWriteDirectMessages),
                vec![write, messages],
                vec![never],
            ),
        ] {
            let said = all.describe(&asked, &earlier);
            assert_eq!((said.already, said.may_not), (already, may_not), "{asked:?} after {earlier:?}");
        }
    }

    #[test]
    fn direct_messages_are_not_mentioned_where_the_api_has_none() {
        let api = catalog(&[Permission::Read, Permission::ReadWrite]);
        assert_eq!(api.highest(Permission::ReadWriteDirectMessages), Permission::ReadWrite);
        let said = api.describe(&Allowed::by_permission(Permission::Read), &Allowed::default());
        assert_eq!(said.may_not, [LEVELS[1].1, NEVER]);
    }
}
