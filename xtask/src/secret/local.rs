//! The secrets of a deployment on this machine, made at its first start.

use super::{new_master_key, random_alphanumerics};
use anyhow::{Context, Result, bail};
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
    /// What gate and sample API share. `None` in a file that was made before there was one: nothing is signed then.
    pub upstream_key: Option<String>,
    /// Whether it has ORIGINS: settings may stand beside the secrets.
    pub sets_origins: bool,
}

impl LocalSecrets {
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
        // Not a crate's reader: dotenvy refuses blanks and replaces `$NAME` where a password may hold both.
        let value = |name: &str| {
            let mut named = text.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix('='));
            named.next().map(|value| value.trim_matches('"').to_owned())
        };
        let operator_password =
            value("OPERATOR_PASSWORD").with_context(|| format!("{} has no OPERATOR_PASSWORD", path.display()))?;
        let sets_origins = value("ORIGINS").is_some();
        Ok(Self { operator_password, upstream_key: value("UPSTREAM_KEY"), sets_origins })
    }
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
        assert!(first.upstream_key.is_some() && first.upstream_key == again.upstream_key);
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

    #[test]
    fn a_file_from_before_there_was_an_upstream_key_still_works() {
        let data = tempfile::tempdir().unwrap();
        fs::write(LocalSecrets::file(data.path()), "MASTER_KEYS=\"1:aa\"\nOPERATOR_PASSWORD=as it was\n").unwrap();
        let secrets = LocalSecrets::load_or_create(data.path()).unwrap();
        assert_eq!((secrets.operator_password.as_str(), secrets.upstream_key), ("as it was", None));
    }
}
