//! What is measured: a row for each kind of request, and how its requests are made.

use super::request::{PATH, Pairs, get, get_with_bearer, unix_now};
use anyhow::Result;
use gatehouse::secret::random_alphanumerics;

/// What a row's requests bring.
#[derive(Clone)]
pub enum Brings {
    Nothing,
    /// One of these after the other.
    Bearers(Vec<String>),
    /// A signature of its own for each request.
    Signatures(Pairs),
    /// As a web server asks before it lets a request through.
    ForwardAuth(String),
}

#[derive(Clone)]
pub struct Row {
    /// Its place among all rows.
    pub number: usize,
    pub name: &'static str,
    pub service: &'static str,
    pub entrypoint: Option<&'static str>,
    pub brings: Brings,
    /// Whether its requests have ten headers more, as those of browsers and libraries do.
    pub is_usual: bool,
    pub status: u16,
}

pub const STATIC: &str = "static reply";
pub const BEARER_HOT: &str = "Gatehouse: Bearer, in memory";
pub const BEARER_COLD: &str = "Gatehouse: Bearer, memory empty";
pub const SIGNED_STRICT: &str = "Gatehouse: OAuth 1.0a, every nonce recorded";
pub const SIGNED_WRITES: &str = "Gatehouse: OAuth 1.0a read, NONCES=writes";
pub const FORGED: &str = "Gatehouse: forged Bearer";
pub const FORWARD_AUTH: &str = "Gatehouse: forward-auth check";
pub const FORWARDED: &str = "Gatehouse: Bearer, forwarded by service binding";
pub const FORWARDED_USUAL: &str = "Gatehouse: Bearer, forwarded by service binding, ten headers more";
pub const BEARER_HOT_USUAL: &str = "Gatehouse: Bearer, in memory, ten headers more";
pub const BARE_FORWARDED: &str = "static reply behind a forwarding Worker";
pub const BARE_FORWARDED_USUAL: &str = "static reply behind a forwarding Worker, ten headers more";
pub const TOLD_FORWARDED: &str = "static reply behind a Worker that adds a gate's headers";
pub const TOLD_FORWARDED_USUAL: &str = "static reply behind a Worker that adds a gate's headers, ten headers more";
pub const BARE_REFUSAL: &str = "static 401 with the headers of a refusal";
pub const BARE_HEADER: &str = "static reply that reads method, URL and credential";
pub const BARE_HEADER_USUAL: &str = "static reply that reads method, URL and credential, ten headers more";
pub const HONO: &str = "hono bearerAuth and KV";
pub const BARE_CHECK: &str = "static 200 with the headers of a check";
pub const BARE_OBJECT: &str = "bare handler, one Durable Object call";
pub const PROVIDER: &str = "workers-oauth-provider, authenticated call";

/// The credentials that the rows use.
#[derive(Default)]
pub struct Credentials {
    pub javascript: String,
    pub provider: String,
    /// Of one App, or of many.
    pub bearers: Vec<String>,
    pub forged: String,
    pub pairs: Pairs,
}

pub fn all(credentials: &Credentials) -> Vec<Row> {
    let bearer = |token: &str| Brings::Bearers(vec![token.to_owned()]);
    let row = |name, service, brings| Row {
        number: 0,
        name,
        service,
        entrypoint: None,
        brings,
        is_usual: false,
        status: 200,
    };
    let usual = |row: Row| Row { is_usual: true, ..row };
    let ours = || Brings::Bearers(credentials.bearers.clone());
    let forwarded = |name| Row { entrypoint: Some("proxy"), ..row(name, "gatehouse", ours()) };
    let forward_auth = || Brings::ForwardAuth(credentials.bearers.first().cloned().unwrap_or_default());
    let mut rows = vec![
        row(STATIC, "static", Brings::Nothing),
        Row { status: 401, ..row(BARE_REFUSAL, "refusal", bearer(&credentials.forged)) },
        row(BARE_HEADER, "header", ours()),
        usual(row(BARE_HEADER_USUAL, "header", ours())),
        row(BARE_CHECK, "checked", forward_auth()),
        row("JavaScript check, SHA-256 and a Map", "check", bearer(&credentials.javascript)),
        row(HONO, "hono", bearer(&credentials.javascript)),
        row(PROVIDER, "provider", bearer(&credentials.provider)),
        row(BARE_OBJECT, "object", Brings::Nothing),
        row(BARE_FORWARDED, "forward", ours()),
        usual(row(BARE_FORWARDED_USUAL, "forward", ours())),
        row(TOLD_FORWARDED, "told", ours()),
        usual(row(TOLD_FORWARDED_USUAL, "told", ours())),
        row(BEARER_HOT, "gatehouse", ours()),
        usual(row(BEARER_HOT_USUAL, "gatehouse", ours())),
        row(BEARER_COLD, "gatehouse-cold", ours()),
        row(SIGNED_WRITES, "gatehouse-writes", Brings::Signatures(credentials.pairs.clone())),
        row(SIGNED_STRICT, "gatehouse", Brings::Signatures(credentials.pairs.clone())),
        Row { status: 401, ..row(FORGED, "gatehouse", bearer(&credentials.forged)) },
        Row { entrypoint: Some("proxy"), ..row(FORWARD_AUTH, "gatehouse", forward_auth()) },
        forwarded(FORWARDED),
        usual(forwarded(FORWARDED_USUAL)),
    ];
    for (number, row) in rows.iter_mut().enumerate() {
        row.number = number;
    }
    rows
}

/// What a browser sends along.
const USUAL: [(&str, &str); 10] = [
    ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
    ("accept", "application/json, text/plain, */*"),
    ("accept-language", "en-GB,en;q=0.5"),
    ("accept-encoding", "gzip, deflate, br, zstd"),
    ("referer", "https://app.example/notes"),
    ("cache-control", "no-cache"),
    ("pragma", "no-cache"),
    ("sec-fetch-dest", "empty"),
    ("sec-fetch-mode", "cors"),
    ("sec-fetch-site", "same-origin"),
];

impl Row {
    /// Whether a request may be sent only once.
    pub fn is_single_use(&self) -> bool {
        matches!(self.brings, Brings::Signatures(_))
    }

    /// So many requests where each is another one, else the one there is.
    pub fn requests(&self, host: &str, count: usize) -> Result<Vec<Vec<u8>>> {
        Ok(match &self.brings {
            Brings::Nothing => vec![get(host, PATH, &[])],
            Brings::Bearers(tokens) => {
                let others = if self.is_usual { &USUAL[..] } else { &[] };
                tokens.iter().map(|token| get_with_bearer(host, token, others)).collect()
            }
            Brings::ForwardAuth(token) => {
                let authorization = format!("Bearer {token}");
                let headers = [
                    ("authorization", authorization.as_str()),
                    ("x-forwarded-method", "GET"),
                    ("x-forwarded-proto", "http"),
                    ("x-forwarded-host", host),
                    ("x-forwarded-uri", PATH),
                ];
                vec![get(host, "/gate/check", &headers)]
            }
            Brings::Signatures(pairs) => {
                let (url, now) = (format!("http://{host}{PATH}"), unix_now());
                let run = random_alphanumerics(16)?;
                let signed = |number| {
                    let header = pairs.sign(&url, now, &format!("{run}{number}"))?;
                    Ok(get(host, PATH, &[("authorization", &header)]))
                };
                (0..count).map(signed).collect::<Result<_>>()?
            }
        })
    }
}
