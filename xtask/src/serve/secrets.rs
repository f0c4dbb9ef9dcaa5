//! The secrets of a deployment on this machine, made at its first start.

use crate::keys::new_master_key;
use anyhow::{Context, Result, bail};
use std::{
    fs,
    io::{ErrorKind, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

/// Letters and digits are base64: 48 bytes, of which 62 of 64 characters make some 47.
const UPSTREAM_KEY_CHARS: usize = 64;

pub struct Secrets {
    pub operator_password: String,
    /// What gate and sample API share. `None` in a file that was made before there was one: nothing is signed then.
    pub upstream_key: Option<String>,
}

impl Secrets {
    /// The file in a data directory, in the form that wrangler reads.
    pub fn file(data: &Path) -> PathBuf {
        data.join("secrets.env")
    }

    pub fn load_or_create(data: &Path) -> Result<Self> {
        fs::create_dir_all(data).with_context(|| format!("cannot make the directory {}", data.display()))?;
        let path = Self::file(data);
        let state = data.join("state");
        if !path.exists() && state.exists() {
            // New master keys would have every credential in there refused, and nobody would know why.
            bail!(
                "{} is missing, and {} holds data that was made with it. Put the file back, from the same backup as \
                 the data, or choose an empty folder with --data",
                path.display(),
                state.display()
            );
        }
        let created = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        match created {
            Ok(mut file) => file.write_all(fresh()?.as_bytes())?,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => {
                return Err(error).with_context(|| format!("cannot create {}", path.display()));
            }
        }
        Self::load(data)
    }

    pub fn load(data: &Path) -> Result<Self> {
        let path = Self::file(data);
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let value = |name: &str| {
            let mut named = text.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix('='));
            named.next().map(|value| value.trim_matches('"').to_owned())
        };
        let operator_password =
            value("OPERATOR_PASSWORD").with_context(|| format!("{} has no OPERATOR_PASSWORD", path.display()))?;
        Ok(Self { operator_password, upstream_key: value("UPSTREAM_KEY") })
    }
}

fn fresh() -> Result<String> {
    let key = new_master_key('1')?;
    let password = random_alphanumerics(24)?;
    let upstream_key = random_alphanumerics(UPSTREAM_KEY_CHARS)?;
    Ok(format!("MASTER_KEYS=\"{key}\"\nOPERATOR_PASSWORD={password}\nUPSTREAM_KEY={upstream_key}\n"))
}

/// Evenly drawn letters and digits.
pub fn random_alphanumerics(length: usize) -> Result<String> {
    const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut drawn = String::new();
    while drawn.len() < length {
        let mut bytes = [0; 64];
        getrandom::fill(&mut bytes)?;
        // 248 is the largest multiple of 62 in a byte: what lies above it would favour the first letters.
        let even = bytes.iter().filter(|byte| **byte < 248);
        drawn.extend(even.map(|byte| char::from(ALPHABET[usize::from(byte % 62)])));
    }
    drawn.truncate(length);
    Ok(drawn)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn secrets_are_made_once_and_only_their_owner_reads_them() {
        let data = tempfile::tempdir().unwrap();
        let first = Secrets::load_or_create(data.path()).unwrap();
        let again = Secrets::load_or_create(data.path()).unwrap();
        assert_eq!(first.operator_password, again.operator_password);
        assert_eq!(first.operator_password.len(), 24);
        assert!(first.upstream_key.is_some() && first.upstream_key == again.upstream_key);
        let mode = fs::metadata(Secrets::file(data.path())).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn data_without_the_secrets_that_it_was_made_with_is_refused_and_left_as_it_is() {
        let data = tempfile::tempdir().unwrap();
        fs::create_dir(data.path().join("state")).unwrap();
        let refused = Secrets::load_or_create(data.path()).err().unwrap().to_string();
        assert!(refused.contains("secrets.env is missing") && refused.contains("Put the file back"), "{refused}");
        assert!(!Secrets::file(data.path()).exists());
        // With its file it starts.
        fs::write(Secrets::file(data.path()), fresh().unwrap()).unwrap();
        Secrets::load_or_create(data.path()).unwrap();
    }

    #[test]
    fn a_file_from_before_there_was_an_upstream_key_still_works() {
        let data = tempfile::tempdir().unwrap();
        fs::write(Secrets::file(data.path()), "MASTER_KEYS=\"1:aa\"\nOPERATOR_PASSWORD=as it was\n").unwrap();
        let secrets = Secrets::load_or_create(data.path()).unwrap();
        assert_eq!((secrets.operator_password.as_str(), secrets.upstream_key), ("as it was", None));
    }
}
