//! What a deployment sets for itself: `api.toml`, variables and secrets.

use crate::credential::{Keyring, KeyringError};
use crate::gate::UpstreamKey;
use crate::secret::Secret;
use gatehouse_shared::api::ApprovalMode;
use gatehouse_shared::description::{ApiDescription, Upstream};
use gatehouse_shared::validate::Rules;
use std::ops::RangeInclusive;

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
    /// How far the timestamp of a signed request may be from now.
    pub signature_window_seconds: u64,
    /// Whether `/oauth/access_token` takes a signature made without the request token's secret.
    pub lenient_access_token: bool,
    /// Whether `/2/oauth2/token` takes a Client Secret in the query.
    pub query_secrets: bool,
    /// Whether the nonce of a signed request that only reads is kept by the isolate alone.
    pub local_read_nonces: bool,
    /// How long an isolate may use an App's record from its memory.
    pub memory_seconds: u64,
    /// Whether each decision rests on a record read where it is written.
    pub strict_freshness: bool,
    /// The origins that this deployment answers for, the public one first;
    /// empty: whichever a request came to.
    pub origins: Vec<String>,
    /// Signs what the API is told of its caller, where the two share one.
    pub upstream_key: Option<UpstreamKey>,
    /// How long the API may take until it begins to answer.
    pub upstream_timeout_seconds: u64,
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
    /// | `ORIGINS` | none | the deployment's origins, such as `https://api.example.com`, separated by commas, the public one first; where none is set, whichever a request came to |
    /// | `SIGNATURE_WINDOW_SECONDS` | 300 | how far the timestamp of a signed request may be from now, 30 to 900 |
    /// | `ACCESS_TOKEN_SIGNATURE` | `strict` | `compat`: `/oauth/access_token` also takes a signature made without the request token's secret, as some clients do |
    /// | `QUERY_SECRETS` | `refuse` | `accept`: `/2/oauth2/token` and `/revoke` take a Client Secret in the query, where proxies log it |
    /// | `NONCES` | `strict` | `strict`: every nonce of a signed request is recorded once for all; `writes`: only those of requests that change something, the others in the isolate that answers |
    /// | `MEMORY_SECONDS` | 10 | how long an isolate may use an App's record, 0 to 300 |
    /// | `FRESHNESS` | `default` | `strict`: each request is decided on a record read from its Ledger, not from memory or KV |
    /// | `UPSTREAM_URL` | none | the origin that requests are forwarded to, in place of `upstream` in `api.toml` |
    /// | `UPSTREAM_KEY` | none | signs the identity headers, see [`UpstreamKey::parse`]; where it is not set, nothing is signed |
    /// | `UPSTREAM_TIMEOUT_SECONDS` | 60 | how long the API may take until it begins to answer, 1 to 600 |
    pub fn read(mut api: ApiDescription, variable: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let get = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        let keyring = Keyring::parse(&get("MASTER_KEYS").ok_or(SettingsError::Missing("MASTER_KEYS"))?)?;
        let password = get("OPERATOR_PASSWORD").ok_or(SettingsError::Missing("OPERATOR_PASSWORD"))?;
        if password.chars().count() < OPERATOR_PASSWORD_MINIMUM {
            return Err(SettingsError::Invalid { name: "OPERATOR_PASSWORD", rule: "at least 16 characters long" });
        }
        let choice = |name: &'static str, no: &'static str, yes: &'static str, rule: &'static str| match get(name) {
            Some(text) if text == yes => Ok(true),
            Some(text) if text != no => Err(SettingsError::Invalid { name, rule }),
            _ => Ok(false),
        };
        let lenient_access_token = choice("ACCESS_TOKEN_SIGNATURE", "strict", "compat", "`strict` or `compat`")?;
        let local_read_nonces = choice("NONCES", "strict", "writes", "`strict` or `writes`")?;
        let query_secrets = choice("QUERY_SECRETS", "refuse", "accept", "`refuse` or `accept`")?;
        let strict_freshness = choice("FRESHNESS", "default", "strict", "`default` or `strict`")?;
        let approval = match get("APPROVAL").as_deref() {
            None | Some("review") => ApprovalMode::Review,
            Some("auto") => ApprovalMode::Auto,
            Some(_) => return Err(SettingsError::Invalid { name: "APPROVAL", rule: "`review` or `auto`" }),
        };
        let operator_username = get("OPERATOR_USERNAME").unwrap_or_else(|| "operator".to_owned());
        let operator_username = gatehouse_shared::validate::username(&operator_username)
            .map_err(|_| SettingsError::Invalid { name: "OPERATOR_USERNAME", rule: "a username" })?;
        let number = |name: &'static str, default: u64, range: RangeInclusive<u64>, rule: &'static str| {
            let Some(text) = get(name) else { return Ok(default) };
            let number = text.parse().ok().filter(|number| range.contains(number));
            number.ok_or(SettingsError::Invalid { name, rule })
        };
        let memory_seconds = number("MEMORY_SECONDS", 10, 0..=300, "a number from 0 to 300")?;
        let signature_window_seconds = number("SIGNATURE_WINDOW_SECONDS", 300, 30..=900, "a number from 30 to 900")?;
        let origins: Vec<String> = get("ORIGINS")
            .map(|text| text.split(',').map(|origin| origin.trim().to_owned()).collect())
            .unwrap_or_default();
        if origins.iter().any(|origin| !is_origin(origin)) {
            let rule = "origins such as https://api.example.com, without a path, separated by commas";
            return Err(SettingsError::Invalid { name: "ORIGINS", rule });
        }
        if let Some(url) = get("UPSTREAM_URL") {
            if !is_origin(&url) {
                let rule = "an origin such as https://api.example.com, without a path";
                return Err(SettingsError::Invalid { name: "UPSTREAM_URL", rule });
            }
            api.upstream = Upstream::Url(url);
        }
        let upstream_key = match get("UPSTREAM_KEY") {
            Some(text) => {
                let rule = "32 bytes or more, in hexadecimal digits or base64";
                Some(UpstreamKey::parse(&text).ok_or(SettingsError::Invalid { name: "UPSTREAM_KEY", rule })?)
            }
            None => None,
        };
        let upstream_timeout_seconds = number("UPSTREAM_TIMEOUT_SECONDS", 60, 1..=600, "a number from 1 to 600")?;
        Ok(Self {
            api,
            keyring,
            approval,
            operator_username,
            operator_password: Secret::new(password),
            signature_window_seconds,
            lenient_access_token,
            query_secrets,
            local_read_nonces,
            memory_seconds: if strict_freshness { 0 } else { memory_seconds },
            strict_freshness,
            origins,
            upstream_key,
            upstream_timeout_seconds,
        })
    }

    /// The rules for what people type.
    pub fn rules(&self) -> Rules {
        Rules { use_case_minimum: self.api.use_case_minimum, reserved_words: self.api.reserved_words.clone() }
    }

    /// The origin to speak of, for a request that came to `requested`.
    pub fn origin<'a>(&'a self, requested: &'a str) -> &'a str {
        match self.origins.first() {
            Some(public) if !self.origins.iter().any(|origin| origin == requested) => public,
            _ => requested,
        }
    }

    /// The origins that a request which came to `requested` may be signed for:
    /// where the edge is reached through another host, that is what clients sign.
    pub fn signed_origins<'a>(&'a self, requested: &'a str) -> Vec<&'a str> {
        if self.origins.is_empty() {
            return vec![requested];
        }
        // The one that the request came to is the likeliest.
        let (same, others): (Vec<&str>, Vec<&str>) =
            self.origins.iter().map(String::as_str).partition(|origin| *origin == requested);
        [same, others].concat()
    }

    /// What every credential starts with.
    pub fn prefix(&self) -> &str {
        &self.api.token_prefix
    }
}

fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(set: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        let api = gatehouse_shared::description::parse(include_str!("../../api.toml")).unwrap();
        let keys = format!("1:{}", "a".repeat(64));
        Settings::read(api, |name| {
            let found = set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
            found.or_else(|| match name {
                "MASTER_KEYS" => Some(keys.clone()),
                "OPERATOR_PASSWORD" => Some("sixteen chars ok".to_owned()),
                _ => None,
            })
        })
    }

    #[test]
    fn a_bad_setting_is_named_and_no_secret_repeated() {
        for (name, value) in [
            ("OPERATOR_PASSWORD", "short"),
            ("OPERATOR_PASSWORD", ""),
            ("MASTER_KEYS", " "),
            ("MASTER_KEYS", "1:short"),
            ("NONCES", "none"),
            ("APPROVAL", "maybe"),
            ("OPERATOR_USERNAME", "a b"),
            ("MEMORY_SECONDS", "301"),
            ("FRESHNESS", "very"),
            ("ACCESS_TOKEN_SIGNATURE", "loose"),
            ("QUERY_SECRETS", "yes please"),
            ("SIGNATURE_WINDOW_SECONDS", "29"),
            ("ORIGINS", "https://api.example.com/path"),
            ("UPSTREAM_URL", "https://api.example.com/"),
            ("UPSTREAM_KEY", "00112233445566778899aabbccddeeff"),
            ("UPSTREAM_KEY", "not base64 at all, though it is long enough for 32 bytes"),
            ("UPSTREAM_TIMEOUT_SECONDS", "0"),
            ("UPSTREAM_TIMEOUT_SECONDS", "a minute"),
        ] {
            let text = read(&[(name, value)]).err().unwrap().to_string();
            assert!(text.contains(name), "{name}: {text}");
            assert!(value.len() < 3 || !text.contains(value), "{text}");
        }
    }

    #[test]
    fn a_request_to_another_host_is_answered_with_the_public_origin() {
        let settings = read(&[("ORIGINS", "https://api.example.com, https://old.example.com")]).ok().unwrap();
        for (requested, spoken) in
            [("https://old.example.com", "https://old.example.com"), ("http://evil.example", "https://api.example.com")]
        {
            assert_eq!(settings.origin(requested), spoken);
        }
        assert_eq!(read(&[]).ok().unwrap().origin("http://127.0.0.1:8787"), "http://127.0.0.1:8787");
    }
}
