//! Seals: keyed tags on texts that this deployment hands out and that are no
//! credentials of an App, such as session tokens.

use super::Keyring;
use super::master_key::MasterKey;
use gatehouse_shared::credential::encode_u64;
use hmac::Mac;
use subtle::ConstantTimeEq;

/// How long a seal is: the id of a master key, then 128 bits in base62.
pub const SEAL_CHARS: usize = 23;
const HALF_CHARS: usize = 11;

/// What a seal is for. The names are part of every seal: never change one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sealed {
    Session,
    OperatorSession,
    /// The operator's name and password, as a session rests on them.
    OperatorSecret,
    /// A token for storage.
    StorageToken,
    /// A browser in which somebody signed in before.
    Browser,
    /// The account that a sign-in with an unknown name asks.
    Nobody,
}

impl Sealed {
    fn label(self) -> &'static [u8] {
        match self {
            Self::Session => b"session",
            Self::OperatorSession => b"operator-session",
            Self::OperatorSecret => b"operator-secret",
            Self::StorageToken => b"storage-token",
            Self::Browser => b"browser",
            Self::Nobody => b"nobody",
        }
    }
}

impl Keyring {
    /// Seals `parts` under the newest master key.
    pub fn seal(&self, what: Sealed, parts: &[&[u8]]) -> String {
        self.newest.seal(what, parts)
    }

    /// Whether this deployment made the seal: arithmetic only, in constant time.
    pub fn is_sealed(&self, what: Sealed, parts: &[&[u8]], seal: &str) -> bool {
        let Some(key) = seal.chars().next().and_then(|id| self.find(id)) else { return false };
        key.seal(what, parts).as_bytes().ct_eq(seal.as_bytes()).into()
    }
}

impl MasterKey {
    fn seal(&self, what: Sealed, parts: &[&[u8]]) -> String {
        let mut mac = self.tag.clone();
        // Tags of credentials begin with the length of a label, which is never 0.
        mac.update(&[0]);
        for part in std::iter::once(what.label()).chain(parts.iter().copied()) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        let bytes: [u8; 32] = mac.finalize().into_bytes().into();
        let halves = bytes.as_chunks::<8>().0.iter().take(2);
        let digits: String = halves.map(|half| encode_u64(u64::from_be_bytes(*half), HALF_CHARS)).collect();
        format!("{}{digits}", self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_fits_its_own_parts_and_kind_only() {
        let old = Keyring::parse(&format!("1:{}", "a".repeat(64))).unwrap();
        let seal = old.seal(Sealed::Session, &[b"ab", b"c"]);
        assert_eq!(seal.len(), SEAL_CHARS);
        assert!(old.is_sealed(Sealed::Session, &[b"ab", b"c"], &seal));
        for (what, parts) in [
            (Sealed::Session, &[&b"a"[..], b"bc"][..]),
            (Sealed::Session, &[b"abc"]),
            (Sealed::OperatorSession, &[b"ab", b"c"]),
        ] {
            assert!(!old.is_sealed(what, parts, &seal), "{what:?} {parts:?}");
        }
        let longer = format!("{seal}0");
        for other in ["", "1", "2", &longer, &seal[..SEAL_CHARS - 1]] {
            assert!(!old.is_sealed(Sealed::Session, &[b"ab", b"c"], other), "{other}");
        }
        // A key that was changed, and then retired, still tells what it sealed.
        let retired = super::super::retire(&format!("1:{}", "a".repeat(64))).unwrap();
        let new = Keyring::parse(&format!("2:{},{retired}", "b".repeat(64))).unwrap();
        assert!(new.is_sealed(Sealed::Session, &[b"ab", b"c"], &seal));
        assert!(!new.seal(Sealed::Session, &[b"ab", b"c"]).starts_with('1'));
    }
}
