//! Describes a credential as its object and KV keep it.

use gatehouse_shared::api::{CredentialKind, CredentialView};
use gatehouse_shared::credential::{Public, Serial};
use gatehouse_shared::model::{Permission, UnixSeconds};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// 256 random bits from which a secret is derived. Useless without a master
/// key; 64 hexadecimal digits in storage.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Seed([u8; 32]);

impl std::fmt::Debug for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seed")
    }
}

impl Seed {
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Reads 64 hexadecimal digits.
    pub fn from_hex(hex: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        let read = base16ct::mixed::decode(hex, &mut bytes).ok()?;
        (read.len() == 32).then_some(Self(bytes))
    }
}

impl Serialize for Seed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex(&self.0))
    }
}

impl<'de> Deserialize<'de> for Seed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_hex(&text).ok_or_else(|| de::Error::custom("a seed has 64 hexadecimal digits"))
    }
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(bytes)
}

/// What a secret is derived from, and how the credential in which it is names
/// it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Root {
    /// The id of the master key that made it: a part of its text for life.
    pub key_id: char,
    pub serial: Serial,
    pub seed: Seed,
    /// Present once its secret rests on another master key than the one that made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<Moved>,
}

impl Root {
    /// The id of the master key that its secret can be derived with.
    pub fn master_key_id(&self) -> char {
        self.moved.as_ref().map_or(self.key_id, |moved| moved.key_id)
    }

    /// Whether a presented credential names this one.
    pub fn is_named_by(&self, named: &Public) -> bool {
        self.serial == named.serial && self.key_id == named.key_id
    }
}

/// One generation of a credential, as its object and KV keep it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredCredential {
    pub kind: CredentialKind,
    #[serde(flatten)]
    pub root: Root,
    /// The last four characters.
    pub hint: String,
    pub created_at: UnixSeconds,
    /// An Access Token keeps the permission that its App had when it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permission: Option<Permission>,
    /// When it stops working by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<UnixSeconds>,
    /// Present once it was replaced with an overlap: until when it still works.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub works_until: Option<UnixSeconds>,
}

/// What a secret rests on after it was derived anew: it is what the master key
/// `key_id` derives from the seed, XOR `mask`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Moved {
    pub key_id: char,
    pub mask: Seed,
}

impl StoredCredential {
    /// Whether it is the newest of its kind, and not one in its overlap.
    pub fn is_current(&self) -> bool {
        self.works_until.is_none()
    }

    /// When it stops working, whatever the reason.
    pub fn ends_at(&self) -> Option<UnixSeconds> {
        match (self.expires_at, self.works_until) {
            (Some(expires), Some(overlap)) => Some(expires.min(overlap)),
            (one, other) => one.or(other),
        }
    }

    /// Whether it works at that moment.
    pub fn works_at(&self, now: UnixSeconds) -> bool {
        self.ends_at().is_none_or(|end| now < end)
    }

    /// What the portal shows of it.
    pub fn view(&self, last_used_on: Option<UnixSeconds>) -> CredentialView {
        CredentialView {
            kind: self.kind,
            hint: self.hint.clone(),
            created_at: self.created_at,
            last_used_on,
            permission: self.permission,
            expires_at: self.expires_at,
            works_until: self.works_until,
        }
    }
}
