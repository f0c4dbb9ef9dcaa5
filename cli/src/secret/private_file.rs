//! Files that only their owner can read.

use anyhow::{Context, Result};
use std::{fs, io::Write, os::unix::fs::OpenOptionsExt, path::Path};

/// Writes a new file that only its owner can read. Fails if the file exists.
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    let created = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let mut file = created.with_context(|| format!("cannot create the file {}", path.display()))?;
    Ok(file.write_all(bytes)?)
}
