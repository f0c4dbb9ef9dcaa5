use crate::ports::{Entropy, random};
use crate::refusal::Refusal;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};

/// Argon2id with 19 MiB, two passes and one lane (OWASP Password Storage
/// Cheat Sheet): 33 to 55 ms in wasm.
fn argon2() -> Result<Argon2<'static>, Refusal> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn internal(error: impl std::fmt::Display) -> Refusal {
    Refusal::Internal(format!("argon2: {error}"))
}

/// Hashes a password to a PHC string (`$argon2id$v=19$…`).
pub fn hash_password(password: &str, entropy: &impl Entropy) -> Result<String, Refusal> {
    let salt = SaltString::encode_b64(&random::<16>(entropy)).map_err(internal)?;
    Ok(argon2()?.hash_password(password.as_bytes(), &salt).map_err(internal)?.to_string())
}

/// Whether the password fits the PHC string.
pub fn verify_password(password: &str, hash: &str) -> Result<bool, Refusal> {
    let hash = PasswordHash::new(hash).map_err(internal)?;
    Ok(argon2()?.verify_password(password.as_bytes(), &hash).is_ok())
}

/// Takes as long as checking a password, so that a sign-in for an account
/// that does not exist takes no less time than one that does.
pub fn waste_time(password: &str) -> Result<(), Refusal> {
    let mut out = [0; 32];
    argon2()?.hash_password_into(password.as_bytes(), b"no such account!", &mut out).map_err(internal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::SeededEntropy;

    #[test]
    fn a_password_fits_its_own_hash_only() {
        let hash = hash_password("correct horse", &SeededEntropy::new(1)).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_eq!(verify_password("correct horse", &hash), Ok(true));
        assert_eq!(verify_password("wrong horse", &hash), Ok(false));
    }
}
