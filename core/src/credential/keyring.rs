use super::Seed;
use crate::secret::Secret;
use gatehouse_shared::credential::{Public, SECRET_CHARS, Serial, TAG_CHARS, encode_bytes};
use gatehouse_shared::model::AppId;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// What is derived from a seed. The names are part of every secret: never
/// change one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Derived {
    ApiKey,
    ApiKeySecret,
    BearerToken,
}

impl Derived {
    fn label(self) -> &'static [u8] {
        match self {
            Self::ApiKey => b"api-key",
            Self::ApiKeySecret => b"api-key-secret",
            Self::BearerToken => b"bearer-token",
        }
    }
}

/// `MASTER_KEYS` can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    #[error("MASTER_KEYS is empty: set it to `1:` and 64 random hexadecimal digits")]
    Empty,
    #[error("MASTER_KEYS entry {0} is not `<id>:<64 hexadecimal digits>` with an id of one letter or digit")]
    Malformed(usize),
    #[error("MASTER_KEYS has the id {0} twice")]
    Duplicate(char),
}

struct MasterKey {
    id: char,
    /// Keyed once here, so that a check pays only for its message.
    tag: Hmac<Sha256>,
    secret: Hmac<Sha256>,
}

/// The deployment's master keys: the first makes new secrets, all check.
pub struct Keyring {
    keys: Vec<MasterKey>,
}

impl Keyring {
    /// Reads `MASTER_KEYS`: `<id>:<64 hex digits>`, separated by commas.
    pub fn parse(text: &str) -> Result<Self, KeyringError> {
        let mut keys: Vec<MasterKey> = Vec::new();
        for (index, entry) in text.split(',').map(str::trim).filter(|entry| !entry.is_empty()).enumerate() {
            let malformed = KeyringError::Malformed(index + 1);
            let (id, hex) = entry.split_once(':').ok_or(malformed.clone())?;
            let id = match id.as_bytes() {
                [byte] if byte.is_ascii_alphanumeric() => char::from(*byte),
                _ => return Err(malformed),
            };
            let bytes = Seed::from_hex(hex).ok_or(malformed)?;
            if keys.iter().any(|key| key.id == id) {
                return Err(KeyringError::Duplicate(id));
            }
            keys.push(MasterKey::derive(id, bytes.bytes()));
        }
        if keys.is_empty() { Err(KeyringError::Empty) } else { Ok(Self { keys }) }
    }

    /// The id of the key that makes new secrets.
    pub fn newest(&self) -> char {
        self.keys[0].id
    }

    fn find(&self, id: char) -> Option<&MasterKey> {
        self.keys.iter().find(|key| key.id == id)
    }

    /// Completes the public part of a new credential with its keyed tag.
    pub fn public(&self, what: Derived, app_id: AppId, serial: Serial) -> Public {
        self.keys[0].public(what, app_id, serial)
    }

    /// Writes the public part of an existing credential again. `None` where
    /// its master key is no longer in the ring.
    pub fn public_with(&self, key_id: char, what: Derived, app_id: AppId, serial: Serial) -> Option<Public> {
        Some(self.find(key_id)?.public(what, app_id, serial))
    }

    /// Whether this deployment made the public part: arithmetic only.
    pub fn made(&self, what: Derived, public: &Public) -> bool {
        self.find(public.key_id)
            .is_some_and(|key| key.tag_of(what, public.app_id, public.serial).ct_eq(&public.tag).into())
    }

    /// The secret of a seed: 43 base62 digits. `None` where its master key is
    /// no longer in the ring.
    pub fn secret(&self, key_id: char, what: Derived, app_id: AppId, serial: Serial, seed: &Seed) -> Option<Secret> {
        let key = self.find(key_id)?;
        let mut mac = key.secret.clone();
        absorb(&mut mac, what, app_id, serial);
        mac.update(seed.bytes());
        let digits = encode_bytes(&mac.finalize().into_bytes().into());
        debug_assert_eq!(digits.len(), SECRET_CHARS);
        Some(Secret::new(digits))
    }
}

impl MasterKey {
    fn derive(id: char, master: &[u8; 32]) -> Self {
        let hkdf = Hkdf::<Sha256>::new(None, master);
        let keyed = |info: &[u8]| {
            // One block of SHA-256, as HMAC takes it; well within HKDF's bounds, so it can't fail.
            let mut key = zeroize::Zeroizing::new([0u8; 64]);
            let _ = hkdf.expand(info, key.as_mut());
            <Hmac<Sha256> as KeyInit>::new((&*key).into())
        };
        Self { id, tag: keyed(b"gatehouse/v1/tag"), secret: keyed(b"gatehouse/v1/secret") }
    }

    fn public(&self, what: Derived, app_id: AppId, serial: Serial) -> Public {
        Public { key_id: self.id, app_id, serial, tag: self.tag_of(what, app_id, serial) }
    }

    fn tag_of(&self, what: Derived, app_id: AppId, serial: Serial) -> u64 {
        let mut mac = self.tag.clone();
        absorb(&mut mac, what, app_id, serial);
        let bytes: [u8; 32] = mac.finalize().into_bytes().into();
        let [a, b, c, d, e, f, g, h, ..] = bytes;
        u64::from_be_bytes([a, b, c, d, e, f, g, h]) % 62u64.pow(TAG_CHARS as u32)
    }
}

/// Feeds what a tag or secret is bound to, unambiguously: a length, then fixed widths.
fn absorb(mac: &mut Hmac<Sha256>, what: Derived, app_id: AppId, serial: Serial) {
    let label = what.label();
    mac.update(&[label.len() as u8]);
    mac.update(label);
    mac.update(&app_id.value().to_be_bytes());
    mac.update(&serial.value().to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(text: &str) -> Keyring {
        Keyring::parse(text).unwrap()
    }

    #[test]
    fn a_bad_setting_is_named() {
        for (text, error) in [
            ("", KeyringError::Empty),
            ("1:zz", KeyringError::Malformed(1)),
            (&format!("1:{},ab:{}", "0".repeat(64), "0".repeat(64)), KeyringError::Malformed(2)),
            (&format!("1:{},1:{}", "0".repeat(64), "1".repeat(64)), KeyringError::Duplicate('1')),
        ] {
            assert_eq!(Keyring::parse(text).err(), Some(error));
        }
    }

    #[test]
    fn two_ids_live_at_once_and_the_first_makes_new_ones() {
        let (old, new) = (format!("1:{}", "a".repeat(64)), format!("2:{}", "b".repeat(64)));
        let (app, serial, seed) = (AppId::from_random([1; 8]), Serial::from_random([2; 8]), Seed::new([3; 32]));
        let public = ring(&old).public(Derived::ApiKey, app, serial);
        let both = ring(&format!("{new},{old}"));
        assert_eq!(both.newest(), '2');
        assert!(both.made(Derived::ApiKey, &public));
        assert!(!both.made(Derived::BearerToken, &public));
        assert!(!ring(&new).made(Derived::ApiKey, &public));
        let secret = |ring: &Keyring| {
            ring.secret('1', Derived::ApiKeySecret, app, serial, &seed).map(|secret| secret.reveal().to_owned())
        };
        assert_eq!(secret(&both), secret(&ring(&old)));
        assert_eq!(secret(&ring(&new)), None);
    }
}
