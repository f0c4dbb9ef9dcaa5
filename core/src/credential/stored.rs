use gatehouse_shared::api::{CredentialKind, CredentialView};
use gatehouse_shared::credential::Serial;
use gatehouse_shared::model::UnixSeconds;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// 256 random bits from which a secret is derived. Useless without a master
/// key; 64 hexadecimal digits in storage.
#[derive(Clone, PartialEq, Eq)]
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
        if hex.len() != 64 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(&hex[at..at + 2], 16).ok()?;
        }
        Some(Self(bytes))
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
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// One generation of an App's credential, as the Ledger and KV keep it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredCredential {
    pub kind: CredentialKind,
    /// The id of the master key that its secret is derived with.
    pub key_id: char,
    pub serial: Serial,
    pub seed: Seed,
    /// The last four characters.
    pub hint: String,
    pub created_at: UnixSeconds,
}

impl StoredCredential {
    /// What the portal shows of it.
    pub fn view(&self) -> CredentialView {
        CredentialView { kind: self.kind, hint: self.hint.clone(), created_at: self.created_at }
    }
}
