//! Master keys: drawing a key, and the entry that replaces a retired key.

use anyhow::Result;
use hkdf::Hkdf;
use sha2::Sha256;

/// The Worker derives the tag key with the same label (`keyring.rs` of the credentials). Both sides are tested against
/// the same known answer.
const TAG_INFO: &[u8] = b"gatehouse/v1/tag";

/// Draws a master key: `<id>:<64 hexadecimal digits>`.
pub fn new_master_key(id: char) -> Result<String> {
    let mut key = [0; 32];
    getrandom::fill(&mut key)?;
    Ok(format!("{id}:{}", base16ct::lower::encode_string(&key)))
}

/// Makes the entry to keep in the place of a retired key: `<id>:tag:<64 hexadecimal digits>`. Returns `None` if the
/// text is no master key.
pub fn retired_entry(key: &str) -> Option<String> {
    let (id, hex) = key.split_once(':')?;
    if id.len() != 1 || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    let mut bytes = [0; 32];
    if base16ct::mixed::decode(hex, &mut bytes).ok()?.len() != bytes.len() {
        return None;
    }
    let mut tag = [0; 32];
    Hkdf::<Sha256>::new(None, &bytes).expand(TAG_INFO, &mut tag).ok()?;
    Some(format!("{id}:tag:{}", base16ct::lower::encode_string(&tag)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_retired_entry_is_the_one_that_the_worker_expects() {
        let expected = "1:tag:074d09389aa7744e42103b195cd117b0679ab1fc122ab015f439a401147fd05e";
        assert_eq!(retired_entry(&format!("1:{}", "5a".repeat(32))).as_deref(), Some(expected));
        for wrong in ["", "1:5a", "12:5a", &format!("ab:{}", "5a".repeat(32)), expected] {
            assert_eq!(retired_entry(wrong), None, "{wrong}");
        }
    }
}
