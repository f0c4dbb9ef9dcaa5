//! Tells callers how a rate limit stands.

use super::Window;
use gatehouse_shared::model::UnixSeconds;

/// How a counter stands, as callers are told in `x-rate-limit-*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    pub limit: u32,
    /// As far as this isolate knows.
    pub remaining: u32,
    pub resets_at: UnixSeconds,
    pub window_seconds: u32,
}

impl Rate {
    pub fn of(window: Window, remaining: u32, resets_at: UnixSeconds) -> Self {
        Self { limit: window.limit, remaining, resets_at, window_seconds: window.seconds }
    }

    /// The headers that tell callers of it: as X names them, with the reset in
    /// seconds since 1970, and as draft-ietf-httpapi-ratelimit-headers-10 does,
    /// with the reset in seconds from now.
    pub fn headers(&self, now: UnixSeconds) -> [(&'static str, String); 5] {
        let Self { limit, remaining, resets_at, window_seconds } = *self;
        let left = resets_at.0.saturating_sub(now.0);
        [
            ("x-rate-limit-limit", limit.to_string()),
            ("x-rate-limit-remaining", remaining.to_string()),
            ("x-rate-limit-reset", resets_at.0.to_string()),
            ("ratelimit-policy", format!("\"window\";q={limit};w={window_seconds}")),
            ("ratelimit", format!("\"window\";r={remaining};t={left}")),
        ]
    }
}
