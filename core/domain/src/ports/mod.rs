//! What the application asks of the world.
//!
//! Everything runs on one thread, on Workers and in tests, so no port is `Send`.

#![allow(async_fn_in_trait)]

mod log;
mod object;
mod schema;
#[cfg(feature = "testing")]
mod seeded;
mod sql;

pub use log::{Event, Log, log_error, log_failure};
pub use object::{ObjectName, Objects, ask};
pub use schema::{Steps, apply_steps, has_table, migrate, open};
#[cfg(feature = "testing")]
pub use seeded::SeededEntropy;
pub use sql::{Row, Sql, SqlError, Value, in_transaction};

use crate::metrics::Metrics;
use gatehouse_shared::model::UnixMillis;

/// The time.
pub trait Clock {
    fn now(&self) -> UnixMillis;
}

/// Waiting.
pub trait Timer {
    async fn sleep(&self, millis: u64);
}

/// Cryptographically secure random bytes.
pub trait Entropy {
    fn fill(&self, bytes: &mut [u8]);
}

/// Draws `N` random bytes.
pub fn random<const N: usize>(entropy: &impl Entropy) -> [u8; N] {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes);
    bytes
}

/// A part of the world did not answer as it should; the text is for the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PortError(pub String);

/// How long a read of KV may take, in milliseconds. Every port gives up after
/// its limit with an error, so that nothing here ever waits without end; what
/// was asked for may still happen afterwards.
pub const KV_READ_MILLIS: u64 = 3_000;
/// How long a write of KV may take, in milliseconds.
pub const KV_WRITE_MILLIS: u64 = 5_000;
/// How long a request waits for the platform's rate limiter, in milliseconds.
pub const RATE_LIMIT_MILLIS: u64 = 1_000;
/// How long one Durable Object waits for another, in milliseconds.
pub const OBJECT_MILLIS: u64 = 5_000;
/// How long a request waits for a Durable Object, in milliseconds: longer, since
/// that one may have to ask others first.
pub const REQUEST_OBJECT_MILLIS: u64 = 15_000;

/// The error of a port that gave up waiting.
pub fn timed_out(what: impl std::fmt::Display, limit_millis: u64) -> PortError {
    PortError(format!("{what}: no answer within {limit_millis} ms"))
}

/// Workers KV: eventually consistent, no compare-and-set, at most one write a
/// second to a key.
pub trait Kv {
    /// Reads a value; it may be up to a minute old, and so may its absence.
    async fn get(&self, key: &str) -> Result<Option<String>, PortError>;
    /// Writes a value that disappears after `lifetime_seconds`, if given. An
    /// error leaves open whether it was written, or still will be.
    async fn put(&self, key: &str, value: &str, lifetime_seconds: Option<u64>) -> Result<(), PortError>;
}

/// What this process counts of its own work.
pub trait Meter {
    fn metrics(&self) -> &Metrics;
}

/// Tells a Durable Object from all others.
pub trait Identity {
    fn identity(&self) -> String;
}

/// All that a Durable Object needs.
pub trait ObjectPorts: Sql + Kv + Objects + Clock + Log + Meter + Identity {}
impl<R: Sql + Kv + Objects + Clock + Log + Meter + Identity> ObjectPorts for R {}

/// All that a request needs.
pub trait EdgePorts: Clock + Timer + Entropy + Kv + Objects + RateLimiter + Log + Meter {}
impl<R: Clock + Timer + Entropy + Kv + Objects + RateLimiter + Log + Meter> EdgePorts for R {}

/// What is counted against a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RateLimit {
    SignIn,
    SignUp,
    Token,
    /// All that comes from an IPv6 /48.
    Network,
    /// What an App does with its own credentials.
    App,
}

impl RateLimit {
    pub const ALL: [Self; 5] = [Self::SignIn, Self::SignUp, Self::Token, Self::Network, Self::App];

    /// The binding of the platform's limiter.
    pub fn binding(self) -> &'static str {
        match self {
            Self::SignIn => "SIGN_IN_LIMIT",
            Self::SignUp => "SIGN_UP_LIMIT",
            Self::Token => "TOKEN_LIMIT",
            Self::Network => "NETWORK_LIMIT",
            Self::App => "APP_LIMIT",
        }
    }

    /// How many pass in a minute. `wrangler.toml` says the same.
    pub fn a_minute(self) -> u32 {
        match self {
            Self::SignIn => 10,
            Self::SignUp => 20,
            Self::Token | Self::Network => 60,
            Self::App => 600,
        }
    }
}

/// The platform's rate limiter.
pub trait RateLimiter {
    /// Counts one try for `key` and tells whether it may go on.
    async fn admit(&self, limit: RateLimit, key: &str) -> bool;
}
