//! What a deployment sets for itself: `api.toml`, variables and secrets.

mod client_address;
mod setting;
pub mod table;

pub use client_address::{ClientAddress, Network};

use crate::credential::{Keyring, KeyringError};
use crate::secret::Secret;
use crate::upstream::UpstreamKey;
use gatehouse_shared::api::ApprovalMode;
use gatehouse_shared::description::{ApiDescription, Upstream};
use gatehouse_shared::validate::Rules;

/// Fewest characters of the operator's password.
const OPERATOR_PASSWORD_MINIMUM: usize = 16;

/// Fewest characters of what a proxy proves itself with.
const CHECK_SECRET_MINIMUM: usize = 32;

/// Fewest characters of what metrics are read with.
const METRICS_TOKEN_MINIMUM: usize = 16;

/// A setting can't be used; the text names it and never repeats a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    #[error("{0} is not set")]
    Missing(&'static str),
    #[error("{name} must be {rule}")]
    Invalid { name: &'static str, rule: String },
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
    /// Whether a callback may be plain http on another host than loopback.
    pub http_callbacks: bool,
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
    /// What a proxy sends to prove that it may have what the gate says signed.
    pub check_secret: Option<Secret>,
    /// Whether every proxy that asks gets a signature.
    pub signs_every_check: bool,
    /// How long the API may take until it begins to answer; `None` where it is bound and nothing is set.
    pub upstream_timeout_seconds: Option<u64>,
    /// How much of a client's address the audit log keeps.
    pub audit_address: KeptAddress,
    /// For how many days after its end a month of the audit log is kept.
    pub audit_days: u64,
    pub client_address: ClientAddress,
    /// What `/metrics` is read with; `None` where it can't be read.
    pub metrics_token: Option<Secret>,
}

/// How much of a client's address is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeptAddress {
    /// Its network.
    Shortened,
    Full,
    Nothing,
}

impl KeptAddress {
    fn read(text: &str) -> Option<Self> {
        match text.trim() {
            "shortened" => Some(Self::Shortened),
            "full" => Some(Self::Full),
            "none" => Some(Self::Nothing),
            _ => None,
        }
    }
}

/// How long an edge location may keep a KV value, in seconds: the least that the platform allows.
pub const KV_CACHE_SECONDS: u64 = 30;
/// How long KV takes until every location can read a change, in seconds, by what the platform says of itself.
const KV_PROPAGATION_SECONDS: u64 = 60;

impl Settings {
    /// Reads the settings of [`table`] from named variables; an empty one counts as not set.
    pub fn read(mut api: ApiDescription, variable: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let variable = &variable;
        let keyring = Keyring::parse(&table::MASTER_KEYS.require(variable, owned)?)?;
        let operator_password =
            table::OPERATOR_PASSWORD.require(variable, |text| at_least(OPERATOR_PASSWORD_MINIMUM, text))?;
        let username = |text: &str| gatehouse_shared::validate::username(text).ok();
        let operator_username = table::OPERATOR_USERNAME.require(variable, username)?;
        let approval = if table::APPROVAL.read(variable)? { ApprovalMode::Auto } else { ApprovalMode::Review };
        let strict_freshness = table::FRESHNESS.read(variable)?;
        let memory_seconds = table::MEMORY_SECONDS.read(variable)?;
        let origin = |text: &str| Some(text.trim().to_owned()).filter(|text| is_origin(text));
        let origins = table::ORIGINS.read(variable, |text| text.split(',').map(origin).collect())?;
        let check_secret =
            table::GATE_CHECK_SECRET.read(variable, |text| at_least(CHECK_SECRET_MINIMUM, text.trim()))?;
        let metrics_token = table::METRICS_TOKEN.read(variable, |text| at_least(METRICS_TOKEN_MINIMUM, text.trim()))?;
        if let Some(url) = table::UPSTREAM_URL.read(variable, origin)? {
            api.upstream = Upstream::Url(url);
        }
        let proxies = |text: &str| text.split(',').map(Network::parse).collect();
        let trusted = table::TRUSTED_PROXIES.read(variable, proxies)?;
        let client_address = match table::CLIENT_ADDRESS.read(variable)? {
            true => ClientAddress::Connection { trusted: trusted.unwrap_or_default() },
            false if trusted.is_some() => return Err(table::CLIENT_ADDRESS.invalid_with(&table::TRUSTED_PROXIES)),
            false => ClientAddress::Cloudflare,
        };
        let timeout = table::UPSTREAM_TIMEOUT_SECONDS.read(variable)?;
        let is_set = variable(table::UPSTREAM_TIMEOUT_SECONDS.name).is_some_and(|text| !text.is_empty());
        let upstream_timeout_seconds = (is_set || matches!(api.upstream, Upstream::Url(_))).then_some(timeout);
        Ok(Self {
            api,
            keyring,
            approval,
            operator_username,
            operator_password: Secret::new(operator_password),
            signature_window_seconds: table::SIGNATURE_WINDOW_SECONDS.read(variable)?,
            lenient_access_token: table::ACCESS_TOKEN_SIGNATURE.read(variable)?,
            http_callbacks: table::HTTP_CALLBACKS.read(variable)?,
            query_secrets: table::QUERY_SECRETS.read(variable)?,
            local_read_nonces: table::NONCES.read(variable)?,
            memory_seconds: if strict_freshness { 0 } else { memory_seconds },
            strict_freshness,
            origins: origins.unwrap_or_default(),
            upstream_key: table::UPSTREAM_KEY.read(variable, UpstreamKey::parse)?,
            check_secret: check_secret.map(Secret::new),
            signs_every_check: table::GATE_CHECK_SIGNATURE.read(variable)?,
            upstream_timeout_seconds,
            audit_address: table::AUDIT_ADDRESS.require(variable, KeptAddress::read)?,
            audit_days: table::AUDIT_DAYS.read(variable)?,
            client_address,
            metrics_token: metrics_token.map(Secret::new),
        })
    }

    /// For how long a change may not be known everywhere: each decision rests on a record that was written no longer ago
    /// than this before it was read for the last time. See docs/security.md.
    pub fn freshness_seconds(&self) -> u64 {
        if self.strict_freshness { 0 } else { self.memory_seconds + KV_CACHE_SECONDS + KV_PROPAGATION_SECONDS }
    }

    /// The rules for what people type.
    pub fn rules(&self) -> Rules {
        Rules {
            use_case_minimum: self.api.use_case_minimum,
            reserved_words: self.api.reserved_words.clone(),
            http_callbacks: self.http_callbacks,
        }
    }

    /// The origin to speak of, for a request that came to `requested`.
    pub fn origin<'a>(&'a self, requested: &'a str) -> &'a str {
        if self.answers_for(requested) {
            return requested;
        }
        // A proxy in front that ends TLS calls with plain http.
        let called = requested.strip_prefix("http://");
        let secure = self.origins.iter().find(|origin| called.is_some() && origin.strip_prefix("https://") == called);
        match secure.or(self.origins.first()) {
            // The port of a pattern is not known: then it is the one that was called.
            Some(public) if !public.ends_with(ANY_PORT) => public,
            _ => requested,
        }
    }

    fn answers_for(&self, requested: &str) -> bool {
        self.origins.iter().any(|origin| is_meant(origin, requested))
    }

    /// The origins that a request which came to `requested` may be signed for:
    /// where the edge is reached through another host, that is what clients sign.
    pub fn signed_origins<'a>(&'a self, requested: &'a str) -> Vec<&'a str> {
        if self.origins.is_empty() {
            return vec![requested];
        }
        // The one that the request came to is the likeliest.
        let (same, others): (Vec<&str>, Vec<&str>) =
            self.origins.iter().map(String::as_str).partition(|origin| is_meant(origin, requested));
        let same = same.first().map(|_| requested);
        same.into_iter().chain(others.into_iter().filter(|origin| !origin.ends_with(ANY_PORT))).collect()
    }

    /// What every credential starts with.
    pub fn prefix(&self) -> &str {
        &self.api.token_prefix
    }
}

/// The text, if it has so many characters.
fn at_least(characters: usize, text: &str) -> Option<String> {
    (text.chars().count() >= characters).then(|| text.to_owned())
}

fn owned(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// Stands for any port at the end of an origin, for what listens on ports that nobody knows beforehand.
const ANY_PORT: &str = ":*";

/// Whether an origin of the settings is the one that a request came to.
fn is_meant(origin: &str, requested: &str) -> bool {
    let Some(host) = origin.strip_suffix(ANY_PORT) else { return origin == requested };
    let port = requested.strip_prefix(host).map(|port| port.strip_prefix(':').unwrap_or(port));
    port.is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_origin(text: &str) -> bool {
    let text = text.strip_suffix(ANY_PORT).unwrap_or(text);
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ', '*']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(set: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        let api = gatehouse_shared::description::parse(include_str!("../../../../api.toml")).unwrap();
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
            ("AUDIT_ADDRESS", "some"),
            ("AUDIT_DAYS", "29"),
            ("OPERATOR_USERNAME", "a b"),
            ("MEMORY_SECONDS", "301"),
            ("FRESHNESS", "very"),
            ("ACCESS_TOKEN_SIGNATURE", "loose"),
            ("QUERY_SECRETS", "yes please"),
            ("SIGNATURE_WINDOW_SECONDS", "29"),
            ("ORIGINS", "https://api.example.com/path"),
            ("ORIGINS", "https://*.example.com"),
            ("GATE_CHECK_SECRET", "thirty-one characters are short"),
            ("GATE_CHECK_SIGNATURE", "sometimes"),
            ("METRICS_TOKEN", "fifteen letters"),
            ("UPSTREAM_URL", "https://api.example.com/"),
            ("UPSTREAM_KEY", "00112233445566778899aabbccddeeff"),
            ("UPSTREAM_KEY", "not base64 at all, though it is long enough for 32 bytes"),
            ("UPSTREAM_TIMEOUT_SECONDS", "0"),
            ("UPSTREAM_TIMEOUT_SECONDS", "a minute"),
            ("CLIENT_ADDRESS", "header"),
            // Cloudflare's own header counts there, whoever sends a request.
            ("TRUSTED_PROXIES", "10.0.0.0/8"),
        ] {
            let text = read(&[(name, value)]).err().unwrap().to_string();
            assert!(text.contains(name), "{name}: {text}");
            assert!(value.len() < 3 || !text.contains(value), "{text}");
        }
    }

    #[test]
    fn a_bound_api_may_take_as_long_as_it_likes_unless_a_limit_is_set() {
        let limit = |set: &[(&str, &str)]| read(set).ok().unwrap().upstream_timeout_seconds;
        let url = ("UPSTREAM_URL", "https://api.example.com");
        assert_eq!((limit(&[]), limit(&[url])), (None, Some(60)));
        let set = ("UPSTREAM_TIMEOUT_SECONDS", "7");
        assert_eq!((limit(&[set]), limit(&[url, set])), (Some(7), Some(7)));
    }

    #[test]
    fn proxies_are_trusted_only_where_the_connection_counts() {
        let set = [("CLIENT_ADDRESS", "connection"), ("TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8")];
        let found = read(&set).ok().unwrap().client_address.find("10.1.1.1:9", "192.0.2.1");
        assert_eq!(found.unwrap().to_string(), "192.0.2.1");
        let refused = read(&[set[0], ("TRUSTED_PROXIES", "10.0.0.0/8, proxy.example.com")]).err().unwrap();
        assert!(refused.to_string().starts_with("TRUSTED_PROXIES must be addresses or networks"), "{refused}");
    }

    #[test]
    fn a_request_to_another_host_is_answered_with_the_public_origin() {
        let settings = read(&[("ORIGINS", "https://api.example.com, https://old.example.com")]).ok().unwrap();
        for (requested, spoken) in [
            ("https://old.example.com", "https://old.example.com"),
            ("http://evil.example", "https://api.example.com"),
            // Behind a proxy that ends TLS.
            ("http://old.example.com", "https://old.example.com"),
            ("http://api.example.com", "https://api.example.com"),
            ("gopher://old.example.com", "https://api.example.com"),
        ] {
            assert_eq!(settings.origin(requested), spoken);
        }
        assert_eq!(read(&[]).ok().unwrap().origin("http://127.0.0.1:8787"), "http://127.0.0.1:8787");
    }

    #[test]
    fn any_port_of_a_host_is_the_deployments_own_where_a_setting_says_so() {
        let settings =
            read(&[("ORIGINS", "http://127.0.0.1:8787,http://127.0.0.1:*,http://localhost:*")]).ok().unwrap();
        for own in ["http://127.0.0.1:8787", "http://127.0.0.1:9", "http://127.0.0.1", "http://localhost:8787"] {
            assert_eq!(settings.origin(own), own);
            assert_eq!(settings.signed_origins(own)[0], own);
        }
        for other in
            ["http://evil.example", "https://127.0.0.1:9", "http://127.0.0.1.evil.example", "http://127.0.0.1:x"]
        {
            assert_eq!(settings.origin(other), "http://127.0.0.1:8787", "{other}");
            assert_eq!(settings.signed_origins(other), ["http://127.0.0.1:8787"], "{other}");
        }
    }
}
