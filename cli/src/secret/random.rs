//! Random text.

use anyhow::Result;

const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// Draws letters and digits. All are equally likely.
pub fn random_alphanumerics(length: usize) -> Result<String> {
    let mut drawn = String::new();
    while drawn.len() < length {
        let mut bytes = [0; 64];
        getrandom::fill(&mut bytes)?;
        // 248 is the largest multiple of 62 that fits a byte. The bytes above it would make the first letters likelier.
        let even = bytes.iter().filter(|byte| **byte < 248);
        drawn.extend(even.map(|byte| char::from(ALPHABET[usize::from(byte % 62)])));
    }
    drawn.truncate(length);
    Ok(drawn)
}
