//! What a deployment sets for itself: `api.toml`, variables and secrets.

use crate::credential::{Keyring, KeyringError};
use crate::secret::Secret;
use gatehouse_shared::api::ApprovalMode;
use gatehouse_shared::description::ApiDescription;
use gatehouse_shared::validate::Rules;

/// Fewest characters of the operator's password.
const OPERATOR_PASSWORD_MINIMUM: usize = 16;

/// A setting can't be used; the text names it and never repeats a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    #[error("{0} is not set")]
    Missing(&'static str),
    #[error("{name} must be {rule}")]
    Invalid { name: &'static str, rule: &'static str },
}

/// The settings, checked.
pub struct Settings {
    pub api: ApiDescription,
    pub keyring: Keyring,
    pub approval: ApprovalMode,
    pub operator_username: String,
    pub operator_password: Secret,
    /// How long an isolate may use an App's record from its memory.
    pub memory_seconds: u64,
}

impl Settings {
    /// Reads the settings from named variables; an empty one counts as not set.
    ///
    /// | variable | default | effect |
    /// |---|---|---|
    /// | `MASTER_KEYS` | none | the master keys, see [`Keyring::parse`] |
    /// | `OPERATOR_PASSWORD` | none | the operator's password, 16 characters at least |
    /// | `OPERATOR_USERNAME` | `operator` | the operator's username |
    /// | `APPROVAL` | `review` | `review`: an operator approves; `auto`: at once |
    /// | `MEMORY_SECONDS` | 10 | how long an isolate may use an App's record, 0 to 300 |
    pub fn read(api: ApiDescription, variable: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let get = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        let keyring = Keyring::parse(&get("MASTER_KEYS").ok_or(SettingsError::Missing("MASTER_KEYS"))?)?;
        let password = get("OPERATOR_PASSWORD").ok_or(SettingsError::Missing("OPERATOR_PASSWORD"))?;
        if password.chars().count() < OPERATOR_PASSWORD_MINIMUM {
            return Err(SettingsError::Invalid { name: "OPERATOR_PASSWORD", rule: "at least 16 characters long" });
        }
        let approval = match get("APPROVAL").as_deref() {
            None | Some("review") => ApprovalMode::Review,
            Some("auto") => ApprovalMode::Auto,
            Some(_) => return Err(SettingsError::Invalid { name: "APPROVAL", rule: "`review` or `auto`" }),
        };
        let operator_username = get("OPERATOR_USERNAME").unwrap_or_else(|| "operator".to_owned());
        let operator_username = gatehouse_shared::validate::username(&operator_username)
            .map_err(|_| SettingsError::Invalid { name: "OPERATOR_USERNAME", rule: "a username" })?;
        let memory_seconds = match get("MEMORY_SECONDS") {
            None => 10,
            Some(text) => text
                .parse()
                .ok()
                .filter(|seconds| *seconds <= 300)
                .ok_or(SettingsError::Invalid { name: "MEMORY_SECONDS", rule: "a number from 0 to 300" })?,
        };
        Ok(Self { api, keyring, approval, operator_username, operator_password: Secret::new(password), memory_seconds })
    }

    /// The rules for what people type.
    pub fn rules(&self) -> Rules {
        Rules { use_case_minimum: self.api.use_case_minimum, reserved_words: self.api.reserved_words.clone() }
    }

    /// What every credential starts with.
    pub fn prefix(&self) -> &str {
        &self.api.token_prefix
    }
}
