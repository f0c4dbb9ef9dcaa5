//! The secrets of a deployment on this machine, made at its first start.

use super::{new_master_key, random_alphanumerics};
use crate::{env_file::read_file, files::make_private};
use anyhow::{Context, Result, ensure};
use std::{
    fs,
    io::{ErrorKind, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

/// Letters and digits are base64: 48 bytes, of which 62 of 64 characters make some 47.
const UPSTREAM_KEY_CHARS: usize = 64;

pub struct LocalSecrets {
    pub operator_password: String,
}

impl LocalSecrets {
    /// The file in a data folder; settings may stand beside the secrets.
    pub fn file(data: &Path) -> PathBuf {
        data.join("secrets.env")
    }

    pub fn load_or_create(data: &Path) -> Result<Self> {
        make_private(data)?;
        let path = Self::file(data);
        if !path.exists() {
            let state = data.join("state");
            // New master keys would have every credential in there refused, and nobody would know why.
            ensure!(
                !state.exists(),
                "{} is missing, and {} holds data that was made with it. Put the file back, from the same backup as \
                 the data, or choose an empty folder with --data",
                path.display(),
                state.display()
            );
            write_whole(&path, &fresh()?)?;
        }
        Self::load(data)
    }

    pub fn load(data: &Path) -> Result<Self> {
        let path = Self::file(data);
        let mut values = read_file(&path)?;
        let operator_password = values
            .remove("OPERATOR_PASSWORD")
            .with_context(|| format!("{} has no OPERATOR_PASSWORD", path.display()))?;
        Ok(Self { operator_password })
    }
}

/// Writes a file that only its owner can read, as a whole or not at all: a key that data rest on may not be lost. A file
/// that somebody else has made meanwhile stays.
fn write_whole(path: &Path, text: &str) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let draft = folder.join(format!("secrets.{}.new", std::process::id()));
    let written = || -> Result<()> {
        let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        match fs::hard_link(&draft, path) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error.into()),
            _ => fs::File::open(folder)?.sync_all()?,
        }
        Ok(())
    };
    let written = written().with_context(|| format!("cannot create {}", path.display()));
    let _ = fs::remove_file(draft);
    written
}

fn fresh() -> Result<String> {
    let key = new_master_key('1')?;
    let password = random_alphanumerics(24)?;
    let upstream_key = random_alphanumerics(UPSTREAM_KEY_CHARS)?;
    let check_secret = random_alphanumerics(UPSTREAM_KEY_CHARS)?;
    Ok(format!(
        "MASTER_KEYS=\"{key}\"\nOPERATOR_PASSWORD={password}\nUPSTREAM_KEY={upstream_key}\n\
         GATE_CHECK_SECRET={check_secret}\n"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn secrets_are_made_once_and_only_their_owner_reads_them() {
        let data = tempfile::tempdir().unwrap();
        let first = LocalSecrets::load_or_create(data.path()).unwrap();
        let again = LocalSecrets::load_or_create(data.path()).unwrap();
        assert_eq!(first.operator_password, again.operator_password);
        assert_eq!(first.operator_password.len(), 24);
        let mode = fs::metadata(LocalSecrets::file(data.path())).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn data_without_the_secrets_that_it_was_made_with_is_refused_and_left_as_it_is() {
        let data = tempfile::tempdir().unwrap();
        fs::create_dir(data.path().join("state")).unwrap();
        let refused = LocalSecrets::load_or_create(data.path()).err().unwrap().to_string();
        assert!(refused.contains("secrets.env is missing") && refused.contains("Put the file back"), "{refused}");
        assert!(!LocalSecrets::file(data.path()).exists());
        // With its file it starts.
        fs::write(LocalSecrets::file(data.path()), fresh().unwrap()).unwrap();
        LocalSecrets::load_or_create(data.path()).unwrap();
    }
}
