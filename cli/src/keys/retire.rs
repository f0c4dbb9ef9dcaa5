//! `keys retire`: the entry that replaces a key on which no credential rests any more.

use crate::secret::retired_entry;
use anyhow::{Context, Result};
use std::io::Read;

/// Reads a key from standard input, so that it stays out of the shell's history.
pub fn run() -> Result<()> {
    let mut entry = String::new();
    std::io::stdin().read_to_string(&mut entry)?;
    let retired = retired_entry(entry.trim()).context("give one `<id>:<64 hexadecimal digits>` on standard input")?;
    eprintln!(
        "Keep this entry in MASTER_KEYS in place of that key, after the others. It identifies the credentials that this\n\
         deployment made, and derives no secret. Credentials that still rest on the key stop working.\n"
    );
    println!("{retired}");
    Ok(())
}
