//! What a backup is encrypted with, and read with again.

use crate::files::read_text;
use age::{Identity, Recipient, secrecy::SecretString, x25519};
use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use std::path::PathBuf;

/// Who can read a backup.
pub type Recipients = Vec<Box<dyn Recipient + Send>>;
/// What opens one.
pub type Identities = Vec<Box<dyn Identity>>;

/// For a command that writes a backup.
#[derive(Args)]
pub struct EncryptOptions {
    /// Encrypt for whoever has the key of this age recipient (age1…); may be given several times
    #[arg(long)]
    recipient: Vec<String>,
    #[command(flatten)]
    decrypt: DecryptOptions,
}

/// For a command that reads one.
#[derive(Args)]
pub struct DecryptOptions {
    /// A file with the passphrase
    #[arg(long)]
    passphrase_file: Option<PathBuf>,
    /// The passphrase itself; in the environment, out of the shell's history
    #[arg(long, env = "GATEHOUSE_BACKUP_PASSPHRASE", hide_env_values = true)]
    passphrase: Option<String>,
    /// A file with age identities (AGE-SECRET-KEY-1…)
    #[arg(long)]
    identity: Option<PathBuf>,
}

/// A shorter passphrase can be guessed.
const SHORTEST_PASSPHRASE: usize = 16;

impl EncryptOptions {
    pub fn recipients(&self) -> Result<Recipients> {
        if !self.recipient.is_empty() {
            let parse = |text: &String| -> Result<Box<dyn Recipient + Send>> {
                let recipient: x25519::Recipient =
                    text.parse().map_err(|error| anyhow!("--recipient {text} is no age recipient: {error}"))?;
                Ok(Box::new(recipient))
            };
            return self.recipient.iter().map(parse).collect();
        }
        let Some(passphrase) = self.decrypt.passphrase()? else {
            bail!("say who can read the backup: --recipient age1…, or --passphrase-file FILE");
        };
        if passphrase.chars().count() < SHORTEST_PASSPHRASE {
            bail!("the passphrase has fewer than {SHORTEST_PASSPHRASE} characters");
        }
        Ok(vec![Box::new(age::scrypt::Recipient::new(SecretString::from(passphrase)))])
    }

    /// For going on with a backup that broke off.
    pub fn identities(&self) -> Result<Identities> {
        self.decrypt.identities().context(
            "a backup that broke off is read before it goes on: give what opens it, or remove the file to begin anew",
        )
    }
}

impl DecryptOptions {
    fn passphrase(&self) -> Result<Option<String>> {
        match (&self.passphrase, &self.passphrase_file) {
            (Some(passphrase), _) => Ok(Some(passphrase.clone())),
            (None, Some(file)) => Ok(Some(read_text(file)?.trim_end_matches(['\r', '\n']).to_owned())),
            (None, None) => Ok(None),
        }
    }

    pub fn identities(&self) -> Result<Identities> {
        if let Some(file) = &self.identity {
            let text = read_text(file)?;
            let keys = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
            let parse = |line: &str| -> Result<Box<dyn Identity>> {
                let identity: x25519::Identity = line
                    .parse()
                    .map_err(|error| anyhow!("{} has a line that is no age identity: {error}", file.display()))?;
                Ok(Box::new(identity))
            };
            return keys.map(parse).collect();
        }
        let Some(passphrase) = self.passphrase()? else {
            bail!("give --passphrase-file FILE, or --identity FILE");
        };
        Ok(vec![Box::new(age::scrypt::Identity::new(SecretString::from(passphrase)))])
    }
}
