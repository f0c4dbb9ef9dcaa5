//! Hashes and verifies passwords.

use crate::portal_error::PortalError;
use crate::ports::{Entropy, random};
use crate::unicode::nfkc;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use std::cell::Cell;
use zeroize::Zeroizing;

/// What a sign-in is checked against where there is no password: the hash of
/// nothing that can be typed.
const NOBODY: &[u8; 16] = b"no such account!";

thread_local! {
    static COMPUTED: Cell<u64> = const { Cell::new(0) };
}

/// How many hashes this thread has computed. Each way through sign-in and
/// sign-up computes as many as any other.
pub fn hashes_computed() -> u64 {
    COMPUTED.get()
}

/// Argon2id with 19 MiB, two passes and one lane (OWASP Password Storage
/// Cheat Sheet): 33 to 55 ms in wasm.
fn argon2() -> Result<Argon2<'static>, PortalError> {
    COMPUTED.set(COMPUTED.get() + 1);
    let params = Params::new(19 * 1024, 2, 1, None).map_err(internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn internal(error: impl std::fmt::Display) -> PortalError {
    PortalError::Internal(format!("argon2: {error}"))
}

/// The form of a password that is hashed: keyboards write one letter in
/// several ways (NIST SP 800-63B §5.1.1.2 asks for NFKC or NFKD).
fn normalized(password: &str) -> Zeroizing<String> {
    Zeroizing::new(nfkc(password))
}

/// Hashes a password to a PHC string (`$argon2id$v=19$…`).
pub fn hash_password(password: &str, entropy: &impl Entropy) -> Result<String, PortalError> {
    let salt = SaltString::encode_b64(&random::<16>(entropy)).map_err(internal)?;
    Ok(argon2()?.hash_password(normalized(password).as_bytes(), &salt).map_err(internal)?.to_string())
}

/// Whether the password fits the PHC string. Where there is none nothing fits,
/// and it takes as long to say so.
pub fn verify_password(password: &str, hash: Option<&str>) -> Result<bool, PortalError> {
    let password = normalized(password);
    match hash {
        Some(hash) => {
            let hash = PasswordHash::new(hash).map_err(internal)?;
            Ok(argon2()?.verify_password(password.as_bytes(), &hash).is_ok())
        }
        None => {
            let mut out = [0; 32];
            argon2()?.hash_password_into(password.as_bytes(), NOBODY, &mut out).map_err(internal)?;
            Ok(false)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::SeededEntropy;

    #[test]
    fn a_password_fits_its_own_hash_only() {
        let hash = hash_password("correct horse", &SeededEntropy::new(1)).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_eq!(verify_password("correct horse", Some(&hash)), Ok(true));
        assert_eq!(verify_password("wrong horse", Some(&hash)), Ok(false));
        assert_eq!(verify_password("correct horse", None), Ok(false));
    }

    #[test]
    fn a_password_is_the_same_however_a_keyboard_composes_its_letters() {
        for (typed, again) in [
            ("mañana por la tarde", "man\u{303}ana por la tarde"),
            ("über allen gipfeln", "u\u{308}ber allen gipfeln"),
            ("한국어 비밀번호 하나", "\u{1112}\u{1161}\u{11ab}국어 비밀번호 하나"),
            ("ｗｉｄｅ password", "wide password"),
        ] {
            let hash = hash_password(typed, &SeededEntropy::new(1)).unwrap();
            assert_eq!(verify_password(again, Some(&hash)), Ok(true), "{typed}");
            let hash = hash_password(again, &SeededEntropy::new(1)).unwrap();
            assert_eq!(verify_password(typed, Some(&hash)), Ok(true), "{typed}");
        }
        let hash = hash_password("Case Matters Here", &SeededEntropy::new(1)).unwrap();
        assert_eq!(verify_password("case matters here", Some(&hash)), Ok(false));
    }
}
