use super::{Derived, Root};
use crate::secret::Secret;
use gatehouse_shared::credential::{Public, Serial};
use gatehouse_shared::model::AppId;
use std::cell::RefCell;
use std::collections::HashMap;

/// How many of each are kept: some 10 MB in all.
const MOST: usize = 20_000;

/// What an isolate derived before, so that a credential that comes often costs
/// its HMACs once. Whoever could read it could read the master keys and seeds
/// beside it as well; it is wiped like any secret.
#[derive(Default)]
pub(super) struct DerivedBefore {
    /// By all that a secret follows from.
    secrets: RefCell<HashMap<(Derived, AppId, Root), Secret>>,
    /// Only tags that a credential really bore: nobody can fill it with made-up ones.
    tags: RefCell<HashMap<(Derived, AppId, Serial, char), u64>>,
}

impl DerivedBefore {
    /// The secret of a root, derived if it was not before.
    pub fn secret(
        &self,
        (what, app_id, root): (Derived, AppId, &Root),
        derive: impl FnOnce() -> Option<Secret>,
    ) -> Option<Secret> {
        let key = (what, app_id, root.clone());
        if let Some(known) = self.secrets.borrow().get(&key) {
            return Some(Secret::new(known.reveal().to_owned()));
        }
        let secret = derive()?;
        let mut secrets = self.secrets.borrow_mut();
        if secrets.len() >= MOST {
            secrets.clear();
        }
        secrets.insert(key, Secret::new(secret.reveal().to_owned()));
        Some(secret)
    }

    /// The tag that a public part must have, where one with it came before.
    pub fn tag(&self, what: Derived, public: &Public) -> Option<u64> {
        self.tags.borrow().get(&(what, public.app_id, public.serial, public.key_id)).copied()
    }

    /// Keeps the tag of a public part that bears the right one.
    pub fn keep_tag(&self, what: Derived, public: &Public) {
        let mut tags = self.tags.borrow_mut();
        if tags.len() >= MOST {
            tags.clear();
        }
        tags.insert((what, public.app_id, public.serial, public.key_id), public.tag);
    }
}
