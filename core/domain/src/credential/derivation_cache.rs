//! Remembers what an isolate derived before.

use super::Root;
use super::derived::Derived;
use crate::bounded::BoundedMap;
use crate::secret::Secret;
use gatehouse_shared::credential::{Public, Serial};
use gatehouse_shared::model::AppId;
use std::cell::RefCell;

/// How many bytes of secrets are kept, and of tags: some 20,000 of each.
const SECRETS_BYTES: usize = 8 << 20;
const TAGS_BYTES: usize = 2 << 20;

/// What an isolate derived before, so that a credential that comes often costs
/// its HMACs once. Whoever could read it could read the master keys and seeds
/// beside it as well; it is wiped like any secret.
pub(super) struct DerivedBefore {
    /// By all that a secret follows from.
    secrets: RefCell<BoundedMap<(Derived, AppId, Root), Secret>>,
    /// Only tags that a credential really bore: nobody can fill it with made-up ones.
    tags: RefCell<BoundedMap<(Derived, AppId, Serial, char), u64>>,
}

impl Default for DerivedBefore {
    fn default() -> Self {
        Self { secrets: RefCell::new(BoundedMap::new(SECRETS_BYTES)), tags: RefCell::new(BoundedMap::new(TAGS_BYTES)) }
    }
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
        let kept = Secret::new(secret.reveal().to_owned());
        let weight = kept.reveal().len();
        self.secrets.borrow_mut().put(key, kept, weight);
        Some(secret)
    }

    /// The tag that a public part must have, where one with it came before.
    pub fn tag(&self, what: Derived, public: &Public) -> Option<u64> {
        self.tags.borrow().get(&(what, public.app_id, public.serial, public.key_id)).copied()
    }

    /// Keeps the tag of a public part that bears the right one.
    pub fn keep_tag(&self, what: Derived, public: &Public) {
        self.tags.borrow_mut().put((what, public.app_id, public.serial, public.key_id), public.tag, 0);
    }
}
