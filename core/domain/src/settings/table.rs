//! Every setting: read by [`super::Settings::read`], and listed in
//! docs/operating.md.

use super::setting::{Choice, Number, Setting, Text, Values};

pub const MASTER_KEYS: Setting<Text> = Setting {
    name: "MASTER_KEYS",
    is_secret: true,
    effect: "what the command `keys` makes: `<id>:<64 hexadecimal digits>`, several separated by commas; the first \
             makes new credentials, all check. An id is one letter or digit. A retired key is \
             `<id>:tag:<64 hexadecimal digits>`",
    values: Text { default: "", rule: "master keys as the command `keys` makes them" },
};

pub const OPERATOR_PASSWORD: Setting<Text> = Setting {
    name: "OPERATOR_PASSWORD",
    is_secret: true,
    effect: "the password of the break-glass account, which is always an Administrator",
    values: Text { default: "", rule: "at least 16 characters long" },
};

pub const OPERATOR_USERNAME: Setting<Text> = Setting {
    name: "OPERATOR_USERNAME",
    is_secret: false,
    effect: "the username of the break-glass account",
    values: Text { default: "operator", rule: "a username" },
};

pub const APPROVAL: Setting<Choice> = Setting {
    name: "APPROVAL",
    is_secret: false,
    effect: "`review`: an operator approves each application; `auto`: at once",
    values: Choice("review", "auto"),
};

pub const MEMORY_SECONDS: Setting<Number> = Setting {
    name: "MEMORY_SECONDS",
    is_secret: false,
    effect: "how long an isolate may use an App's record from its memory",
    values: Number { default: 10, least: 0, most: 300 },
};

pub const NONCES: Setting<Choice> = Setting {
    name: "NONCES",
    is_secret: false,
    effect: "`strict`: the nonce of every signed request is recorded once for all isolates; `writes`: only of those \
             that change something, and each isolate keeps those of reads to itself. Much faster for signed reads; a \
             replayed read may pass once in another isolate, see [security.md](security.md)",
    values: Choice("strict", "writes"),
};

pub const FRESHNESS: Setting<Choice> = Setting {
    name: "FRESHNESS",
    is_secret: false,
    effect: "`strict`: each request is decided on a record read from its object, not from memory or KV; it costs a \
             Durable Object call a request ([security.md](security.md))",
    values: Choice("default", "strict"),
};

pub const SIGNATURE_WINDOW_SECONDS: Setting<Number> = Setting {
    name: "SIGNATURE_WINDOW_SECONDS",
    is_secret: false,
    effect: "how far the timestamp of a signed request may be from now",
    values: Number { default: 300, least: 30, most: 900 },
};

pub const ACCESS_TOKEN_SIGNATURE: Setting<Choice> = Setting {
    name: "ACCESS_TOKEN_SIGNATURE",
    is_secret: false,
    effect: "`compat`: `/oauth/access_token` also takes a signature made without the request token's secret, which \
             python-twitter-v2 (Python) and twitter-lite (Node) send",
    values: Choice("strict", "compat"),
};

pub const HTTP_CALLBACKS: Setting<Choice> = Setting {
    name: "HTTP_CALLBACKS",
    is_secret: false,
    effect: "`anywhere`: Apps may register callback URLs with plain http on any host, where codes and tokens cross the \
             network in clear text; `loopback`: only on the user's own machine (127.0.0.1, [::1], localhost)",
    values: Choice("loopback", "anywhere"),
};

pub const QUERY_SECRETS: Setting<Choice> = Setting {
    name: "QUERY_SECRETS",
    is_secret: false,
    effect: "`accept`: `/2/oauth2/token`, `/revoke` and `/introspect` take a Client Secret in the query, where \
             proxies log it",
    values: Choice("refuse", "accept"),
};

pub const ORIGINS: Setting<Text> = Setting {
    name: "ORIGINS",
    is_secret: false,
    effect: "the deployment's origins, the public one first. Set it where requests may arrive under other host names: \
             links in answers, the check against other sites, and OAuth 1.0a signatures, which cover the origin, use \
             it. Where none is set, the origin that a request came to counts, which only an edge that knows its host names, \
             such as Cloudflare's, keeps others from choosing. `:*` stands for any port",
    values: Text { default: "", rule: "origins such as https://api.example.com, without a path, separated by commas" },
};

pub const UPSTREAM_URL: Setting<Text> = Setting {
    name: "UPSTREAM_URL",
    is_secret: false,
    effect: "the origin that requests are forwarded to, in place of `upstream` in `api.toml`: for a deployment with \
             another API behind it than the others",
    values: Text { default: "", rule: "an origin such as https://api.example.com, without a path" },
};

pub const UPSTREAM_KEY: Setting<Text> = Setting {
    name: "UPSTREAM_KEY",
    is_secret: true,
    effect: "what gate and API share, so that the API can verify who calls. Where it is not set, nothing is signed",
    values: Text { default: "", rule: "32 bytes or more, in hexadecimal digits or base64" },
};

pub const GATE_CHECK_SECRET: Setting<Text> = Setting {
    name: "GATE_CHECK_SECRET",
    is_secret: true,
    effect: "what a proxy sends as `X-Gatehouse-Check` to prove at `/gate/check` that it is one of yours: the API then \
             gets who calls signed, see [forward-auth.md](forward-auth.md)",
    values: Text { default: "", rule: "at least 32 characters long" },
};

pub const GATE_CHECK_SIGNATURE: Setting<Choice> = Setting {
    name: "GATE_CHECK_SIGNATURE",
    is_secret: false,
    effect: "who gets a signature from `/gate/check`. `proven`: a proxy that sends `GATE_CHECK_SECRET`; `always`: \
             whoever asks, so that anybody with a credential can have any request signed. Only where nobody but your \
             proxy can reach `/gate/check`",
    values: Choice("proven", "always"),
};

pub const UPSTREAM_TIMEOUT_SECONDS: Setting<Number> = Setting {
    name: "UPSTREAM_TIMEOUT_SECONDS",
    is_secret: false,
    effect: "how long the API may take until it begins to answer; its body may take longer. Where the API is a Worker \
             that is bound, there is no limit unless one is set",
    values: Number { default: 60, least: 1, most: 600 },
};

pub const AUDIT_ADDRESS: Setting<Text> = Setting {
    name: "AUDIT_ADDRESS",
    is_secret: false,
    effect: "how much of a client's address the audit log keeps. `shortened`: its network, /24 of an IPv4 address and \
             /48 of an IPv6 address; `full`: all of it; `none`: nothing",
    values: Text { default: "shortened", rule: "`shortened`, `full` or `none`" },
};

pub const AUDIT_DAYS: Setting<Number> = Setting {
    name: "AUDIT_DAYS",
    is_secret: false,
    effect: "for how many days after its end a month of the audit log is kept. A change holds from the next entry on, \
             for the month of that entry and later ones",
    values: Number { default: 366, least: 30, most: 3660 },
};

pub const CLIENT_ADDRESS: Setting<Choice> = Setting {
    name: "CLIENT_ADDRESS",
    is_secret: false,
    effect: "who says which address a client has. `cloudflare`: Cloudflare, in `CF-Connecting-IP`; `connection`: the \
             connection, and the proxies of `TRUSTED_PROXIES`. On a machine of your own it is always `connection`",
    values: Choice("cloudflare", "connection"),
};

pub const TRUSTED_PROXIES: Setting<Text> = Setting {
    name: "TRUSTED_PROXIES",
    is_secret: false,
    effect: "the proxies in front of a machine of your own. If a request comes from one of them, its client is the last \
             address in `X-Forwarded-For` that is no such proxy. Without it, every client of a proxy counts as one",
    values: Text { default: "", rule: "addresses or networks such as 127.0.0.1 or 10.0.0.0/8, separated by commas" },
};

pub const METRICS_TOKEN: Setting<Text> = Setting {
    name: "METRICS_TOKEN",
    is_secret: true,
    effect: "what Prometheus sends as `Authorization: Bearer …` to read `/metrics`, see [monitoring.md](monitoring.md). \
             Where it is not set, there is no such path",
    values: Text { default: "", rule: "at least 16 characters long" },
};

/// A setting as the docs list it.
pub struct Listed {
    pub name: &'static str,
    pub is_secret: bool,
    /// Empty where there is none.
    pub default: String,
    /// What it must be.
    pub rule: String,
    pub effect: &'static str,
}

fn list<V: Values>(setting: &Setting<V>) -> Listed {
    let Setting { name, is_secret, effect, values } = setting;
    Listed { name, is_secret: *is_secret, default: values.default(), rule: values.rule(), effect }
}

/// All settings.
pub fn all() -> Vec<Listed> {
    vec![
        list(&MASTER_KEYS),
        list(&OPERATOR_PASSWORD),
        list(&OPERATOR_USERNAME),
        list(&APPROVAL),
        list(&MEMORY_SECONDS),
        list(&NONCES),
        list(&FRESHNESS),
        list(&SIGNATURE_WINDOW_SECONDS),
        list(&ACCESS_TOKEN_SIGNATURE),
        list(&HTTP_CALLBACKS),
        list(&QUERY_SECRETS),
        list(&ORIGINS),
        list(&UPSTREAM_URL),
        list(&UPSTREAM_KEY),
        list(&GATE_CHECK_SECRET),
        list(&GATE_CHECK_SIGNATURE),
        list(&UPSTREAM_TIMEOUT_SECONDS),
        list(&AUDIT_ADDRESS),
        list(&AUDIT_DAYS),
        list(&CLIENT_ADDRESS),
        list(&TRUSTED_PROXIES),
        list(&METRICS_TOKEN),
    ]
}

/// The names among these that are no setting: misspelled, or of another version.
pub fn unknown(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let known: Vec<&str> = all().iter().map(|setting| setting.name).collect();
    names.into_iter().filter(|name| !known.contains(&name.as_str())).collect()
}
