//! Reads `MASTER_KEYS`, and makes and checks what rests on them.

mod master_key;
mod seal;

pub use seal::{SEAL_CHARS, Sealed};

use super::derivation_cache::DerivedBefore;
use super::{Derived, Moved, Root, Seed};
use crate::secret::Secret;
use gatehouse_shared::credential::{Public, SECRET_CHARS, Serial, encode_bytes};
use gatehouse_shared::model::AppId;
use master_key::MasterKey;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// `MASTER_KEYS` can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    #[error("MASTER_KEYS is empty: set it to `1:` and 64 random hexadecimal digits")]
    Empty,
    #[error(
        "MASTER_KEYS entry {0} is neither `<id>:<64 hexadecimal digits>` nor `<id>:tag:<64 hexadecimal digits>`, with \
         an id of one letter or digit"
    )]
    Malformed(usize),
    #[error("MASTER_KEYS has the id {0} twice")]
    Duplicate(char),
    #[error("MASTER_KEYS starts with the retired key {0}: the first one makes new secrets, so it must be a whole one")]
    RetiredFirst(char),
}

/// The deployment's master keys: the first makes new secrets, all check.
pub struct Keyring {
    newest: MasterKey,
    older: Vec<MasterKey>,
    before: DerivedBefore,
}

impl Keyring {
    /// Reads `MASTER_KEYS`: `<id>:<64 hex digits>`, separated by commas. A
    /// retired key is `<id>:tag:<64 hex digits>`, as [`retire`] writes it.
    pub fn parse(text: &str) -> Result<Self, KeyringError> {
        let mut keys: Vec<MasterKey> = Vec::new();
        for (index, entry) in text.split(',').map(str::trim).filter(|entry| !entry.is_empty()).enumerate() {
            let malformed = KeyringError::Malformed(index + 1);
            let (id, rest) = read_entry(entry).ok_or(malformed.clone())?;
            if keys.iter().any(|key| key.id == id) {
                return Err(KeyringError::Duplicate(id));
            }
            keys.push(match rest.strip_prefix("tag:") {
                None => MasterKey::derive(id, Seed::from_hex(rest).ok_or(malformed)?.bytes()),
                Some(_) if keys.is_empty() => return Err(KeyringError::RetiredFirst(id)),
                Some(hex) => MasterKey::retired(id, Seed::from_hex(hex).ok_or(malformed)?.bytes()),
            });
        }
        let mut keys = keys.into_iter();
        let newest = keys.next().ok_or(KeyringError::Empty)?;
        Ok(Self { newest, older: keys.collect(), before: DerivedBefore::default() })
    }

    /// The id of the key that makes new secrets.
    pub fn newest(&self) -> char {
        self.newest.id
    }

    /// Each key's id, with what tells that key from any other under the same
    /// id: 16 hexadecimal digits, from which nothing follows about the key. A
    /// retired key has the same as the whole one.
    pub fn fingerprints(&self) -> Vec<(char, String)> {
        self.keys().map(|key| (key.id, key.fingerprint())).collect()
    }

    fn keys(&self) -> impl Iterator<Item = &MasterKey> {
        std::iter::once(&self.newest).chain(&self.older)
    }

    fn find(&self, id: char) -> Option<&MasterKey> {
        self.keys().find(|key| key.id == id)
    }

    /// Completes the public part of a new credential with its keyed tag.
    pub fn public(&self, what: Derived, app_id: AppId, serial: Serial) -> Public {
        self.newest.public(what, app_id, serial)
    }

    /// Writes the public part of an existing credential again. `None` where
    /// its master key is no longer in the ring.
    pub fn public_with(&self, key_id: char, what: Derived, app_id: AppId, serial: Serial) -> Option<Public> {
        Some(self.find(key_id)?.public(what, app_id, serial))
    }

    /// Whether this deployment made the public part: arithmetic only.
    pub fn made(&self, what: Derived, public: &Public) -> bool {
        if let Some(tag) = self.before.tag(what, public) {
            return tag.ct_eq(&public.tag).into();
        }
        let Some(key) = self.find(public.key_id) else { return false };
        let made = key.tag_of(what, public.app_id, public.serial).ct_eq(&public.tag).into();
        if made {
            self.before.keep_tag(what, public);
        }
        made
    }

    /// Whether the ring has a key of that id, retired or not.
    pub fn knows(&self, id: char) -> bool {
        self.find(id).is_some()
    }

    /// The secret that is derived from a root: 43 base62 digits. `None` where the
    /// master key that it rests on is not in the ring or retired.
    pub fn secret(&self, what: Derived, app_id: AppId, root: &Root) -> Option<Secret> {
        self.before.secret((what, app_id, root), || {
            let digits = encode_bytes(&*self.secret_bytes(what, app_id, root)?);
            debug_assert_eq!(digits.len(), SECRET_CHARS);
            Some(Secret::new(digits))
        })
    }

    fn secret_bytes(&self, what: Derived, app_id: AppId, root: &Root) -> Option<Zeroizing<[u8; 32]>> {
        let mut bytes = self.find(root.master_key_id())?.derive_secret(what, app_id, root.serial, &root.seed)?;
        if let Some(moved) = &root.moved {
            bytes.iter_mut().zip(moved.mask.bytes()).for_each(|(byte, mask)| *byte ^= mask);
        }
        Some(bytes)
    }

    /// Makes a credential rest on the newest master key, and stay the same to
    /// its holder: under a fresh seed, what the new key derives and what the
    /// secret is differ by a mask, which is stored. As before, neither storage
    /// nor the master key alone gives the secret. `None` where the key that it
    /// rests on now is not in the ring or retired.
    pub fn rederive(&self, what: Derived, app_id: AppId, root: &Root, seed: Seed) -> Option<Root> {
        let secret = self.secret_bytes(what, app_id, root)?;
        let mut mask = self.newest.derive_secret(what, app_id, root.serial, &seed)?;
        mask.iter_mut().zip(secret.iter()).for_each(|(byte, secret)| *byte ^= secret);
        let moved = Some(Moved { key_id: self.newest.id, mask: Seed::new(*mask) });
        Some(Root { seed, moved, ..root.clone() })
    }
}

/// Reads `<id>:<rest>`.
fn read_entry(entry: &str) -> Option<(char, &str)> {
    let (id, rest) = entry.split_once(':')?;
    match id.as_bytes() {
        [byte] if byte.is_ascii_alphanumeric() => Some((char::from(*byte), rest)),
        _ => None,
    }
}

/// The entry to keep of a master key that nothing rests on any more: enough to
/// tell which credentials this deployment made, useless for their secrets.
/// `None` where `entry` is no whole key.
pub fn retire(entry: &str) -> Option<String> {
    let (id, hex) = read_entry(entry.trim())?;
    let tag = master_key::tag_key(Seed::from_hex(hex)?.bytes());
    Some(format!("{id}:tag:{}", super::hex(tag.as_ref())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credential::{StoredCredential, draw_credential};
    use crate::ports::SeededEntropy;
    use gatehouse_shared::api::CredentialKind;
    use gatehouse_shared::model::{AccountId, UnixSeconds};

    fn ring(text: &str) -> Keyring {
        Keyring::parse(text).unwrap()
    }

    fn entry(id: char, digit: &str) -> String {
        format!("{id}:{}", digit.repeat(64))
    }

    #[test]
    fn a_bad_setting_is_named() {
        for (text, error) in [
            ("".to_owned(), KeyringError::Empty),
            ("1:zz".to_owned(), KeyringError::Malformed(1)),
            (format!("{},ab:{}", entry('1', "0"), "0".repeat(64)), KeyringError::Malformed(2)),
            (format!("{},2:tag:00", entry('1', "0")), KeyringError::Malformed(2)),
            (format!("{},{}", entry('1', "0"), entry('1', "1")), KeyringError::Duplicate('1')),
            (retire(&entry('1', "0")).unwrap(), KeyringError::RetiredFirst('1')),
        ] {
            assert_eq!(Keyring::parse(&text).err(), Some(error), "{text}");
        }
        assert_eq!(retire("1:zz"), None);
        // The same known answer as in xtask, whose `keys retire` writes the entry.
        let expected = "1:tag:074d09389aa7744e42103b195cd117b0679ab1fc122ab015f439a401147fd05e";
        assert_eq!(retire(&format!("1:{}", "5a".repeat(32))).as_deref(), Some(expected));
        assert_eq!(retire(&retire(&entry('1', "0")).unwrap()), None);
    }

    /// An App with its owner, and one credential of each kind made by the ring.
    fn made(ring: &Keyring) -> ((AppId, AccountId), Vec<StoredCredential>) {
        let subject = (AppId::from_random([1; 8]), AccountId::from_random([2; 8]));
        let entropy = SeededEntropy::new(7);
        let draw = |kind| draw_credential(ring, "gh", kind, (subject.0, Some(subject.1)), UnixSeconds(1), &entropy);
        (subject, CredentialKind::ALL.into_iter().map(draw).collect())
    }

    fn secret(ring: &Keyring, (app_id, owner): (AppId, AccountId), stored: &StoredCredential) -> Option<String> {
        let what = Derived::secret_of(stored.kind, Some(owner))?;
        ring.secret(what, app_id, &stored.root).map(|secret| secret.reveal().to_owned())
    }

    #[test]
    fn what_was_derivation_cache_is_taken_for_nothing_else() {
        let ring = ring(&entry('1', "a"));
        let ((app, owner), stored) = made(&ring);
        let root = &stored[0].root;
        let public = ring.public(Derived::BearerToken, app, root.serial);
        let other = Public { tag: public.tag ^ 1, ..public };
        // In both orders, with nothing and with something known.
        for _ in 0..2 {
            assert!(!ring.made(Derived::BearerToken, &other));
            assert!(ring.made(Derived::BearerToken, &public));
            assert!(!ring.made(Derived::ApiKey, &public));
        }
        let secret = |what, root: &Root| ring.secret(what, app, root).map(|secret| secret.reveal().to_owned());
        let first = secret(Derived::BearerToken, root);
        assert_eq!(secret(Derived::BearerToken, root), first);
        let reseeded = Root { seed: Seed::new([9; 32]), ..root.clone() };
        for different in [secret(Derived::BearerToken, &reseeded), secret(Derived::AccessTokenSecret(owner), root)] {
            assert!(different.is_some() && different != first);
        }
    }

    #[test]
    fn a_fingerprint_tells_a_key_from_another_and_stays_when_it_is_retired() {
        let of = |text: &str| ring(text).fingerprints();
        let (one, other) = (entry('1', "a"), entry('1', "b"));
        assert_ne!(of(&one), of(&other));
        assert_eq!(of(&one)[0].1.len(), 16);
        let both = of(&format!("{},{}", entry('2', "b"), retire(&one).unwrap()));
        assert_eq!(both[1], of(&one)[0]);
        assert_eq!(both[0].1, of(&other)[0].1, "the id is no part of it");
    }

    #[test]
    fn two_ids_live_at_once_and_the_first_makes_new_ones() {
        let (old, new) = (entry('1', "a"), entry('2', "b"));
        let ((app, owner), stored) = made(&ring(&old));
        let both = ring(&format!("{new},{old}"));
        assert_eq!(both.newest(), '2');
        for stored in stored {
            let public = both.public_with('1', Derived::ApiKey, app, stored.root.serial).unwrap();
            assert!(both.made(Derived::ApiKey, &public));
            for other in [Derived::BearerToken, Derived::AccessToken(owner)] {
                assert!(!both.made(other, &public));
            }
            assert!(!ring(&new).made(Derived::ApiKey, &public));
            let before = secret(&ring(&old), (app, owner), &stored);
            assert!(before.is_some());
            assert_eq!(secret(&both, (app, owner), &stored), before);
            assert_eq!(secret(&ring(&new), (app, owner), &stored), None);
        }
    }

    #[test]
    fn a_secret_derived_anew_stays_the_same_and_outlives_its_first_master_key() {
        let (old, new, newer) = (entry('1', "a"), entry('2', "b"), entry('3', "c"));
        let (subject, stored) = made(&ring(&old));
        for stored in stored {
            let what = Derived::secret_of(stored.kind, Some(subject.1)).unwrap();
            let before = secret(&ring(&old), subject, &stored).unwrap();
            let both = ring(&format!("{new},{old}"));
            let moved = StoredCredential {
                root: both.rederive(what, subject.0, &stored.root, Seed::new([9; 32])).unwrap(),
                ..stored.clone()
            };
            assert_eq!(
                (moved.root.master_key_id(), moved.root.key_id, moved.root.serial),
                ('2', '1', stored.root.serial)
            );
            // Without the old key, and with only its tag key kept.
            let retired = ring(&format!("{new},{}", retire(&old).unwrap()));
            assert_eq!(secret(&retired, subject, &moved), Some(before.clone()));
            let public = retired.public_with('1', what, subject.0, stored.root.serial).unwrap();
            assert_eq!(ring(&old).public_with('1', what, subject.0, stored.root.serial), Some(public));
            assert!(retired.made(what, &public));
            // What was left behind is lost with the key.
            assert_eq!(secret(&retired, subject, &stored), None);
            assert!(retired.rederive(what, subject.0, &stored.root, Seed::new([9; 32])).is_none());
            // And once more, to a third key.
            let third = ring(&format!("{newer},{new}"));
            let again = StoredCredential {
                root: third.rederive(what, subject.0, &moved.root, Seed::new([8; 32])).unwrap(),
                ..moved.clone()
            };
            assert_eq!(secret(&ring(&newer), subject, &again), Some(before.clone()));
            // Neither the new key nor what is stored gives the secret alone.
            let unmasked =
                StoredCredential { root: Root { moved: None, key_id: '2', ..moved.root.clone() }, ..moved.clone() };
            assert_ne!(secret(&both, subject, &unmasked), Some(before));
        }
    }
}
