use anyhow::{Context, Result};
use hkdf::Hkdf;
use sha2::Sha256;
use std::io::Read;

/// As the Worker derives it: `core/domain/src/credential/keyring.rs`. Both sides are tested with the same known answer.
const TAG_INFO: &[u8] = b"gatehouse/v1/tag";

/// Reads a key from standard input, so that it stays out of the shell's history.
pub fn run() -> Result<()> {
    let mut entry = String::new();
    std::io::stdin().read_to_string(&mut entry)?;
    let retired = retire(entry.trim()).context("give one `<id>:<64 hexadecimal digits>` on standard input")?;
    eprintln!(
        "The entry to keep in MASTER_KEYS in the place of that key, after the others. It tells which credentials this\n\
         deployment made, and derives no secret. What still rested on the key stops working.\n"
    );
    println!("{retired}");
    Ok(())
}

fn retire(entry: &str) -> Option<String> {
    let (id, hex) = entry.split_once(':')?;
    let is_key = id.len() == 1 && hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_key || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    let bytes: Vec<u8> = (0..32).filter_map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).ok()).collect();
    let mut tag = [0; 32];
    Hkdf::<Sha256>::new(None, &bytes).expand(TAG_INFO, &mut tag).ok()?;
    Some(format!("{id}:tag:{}", super::hex(&tag)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_retired_entry_is_the_one_that_the_worker_expects() {
        let expected = "1:tag:074d09389aa7744e42103b195cd117b0679ab1fc122ab015f439a401147fd05e";
        assert_eq!(retire(&format!("1:{}", "5a".repeat(32))).as_deref(), Some(expected));
        for wrong in ["", "1:5a", "12:5a", &format!("ab:{}", "5a".repeat(32)), expected] {
            assert_eq!(retire(wrong), None, "{wrong}");
        }
    }
}
