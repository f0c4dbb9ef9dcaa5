//! The security headers, one list for each kind of answer.

use super::paths::{is_consent_page, is_page};
use gatehouse_shared::own_paths::PICTURES;

type Headers = Vec<(String, String)>;

/// On everything: no sniffing, TLS only.
const COMMON: [(&str, &str); 2] =
    [("x-content-type-options", "nosniff"), ("strict-transport-security", "max-age=63072000")];

/// On what a browser may show as a page: no opener, no embedding elsewhere, no referrer to others, no devices.
const PAGE: [(&str, &str); 5] = [
    ("content-security-policy", PAGE_POLICY),
    ("cross-origin-opener-policy", "same-origin"),
    SAME_ORIGIN,
    ("referrer-policy", "strict-origin-when-cross-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
];

/// The portal needs its own files, its own API and wasm; nothing inline.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'";
/// An API answer is data: it loads, frames and runs nothing, whatever it is
/// taken for.
const DATA: (&str, &str) = ("content-security-policy", "default-src 'none'; frame-ancestors 'none'; sandbox");

const NO_STORE: (&str, &str) = ("cache-control", "no-store");
const SAME_ORIGIN: (&str, &str) = ("cross-origin-resource-policy", "same-origin");

fn with(extra: &[(&str, &str)]) -> Headers {
    COMMON.iter().chain(extra).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// For answers of the gate: kept by nobody.
pub fn gate_headers() -> Headers {
    with(&[DATA, NO_STORE])
}

/// For answers of the portal's API and the protocol's endpoints. A page of
/// another origin may not take them in, in whatever way.
pub(super) fn api_headers() -> Headers {
    with(&[DATA, NO_STORE, SAME_ORIGIN])
}

/// For an answer of the API behind the gate, in addition to its own: it shares
/// its origin with the portal and must never be run as a page of it.
pub fn forwarded_headers() -> Headers {
    with(&[DATA])
}

fn of_page(cache: &str) -> Headers {
    let mut headers = with(&PAGE);
    headers.push(("cache-control".to_owned(), cache.to_owned()));
    headers
}

/// For the portal's page: asked for again each time, so that a deploy shows;
/// where it says that nothing is there, kept by nobody.
/// A consent page keeps its opener, since Apps open it in a window of its own
/// and wait for that to come back.
pub fn page_headers(path: &str) -> Headers {
    let mut headers = of_page(if is_page(path) { "no-cache" } else { "no-store" });
    for (name, value) in &mut headers {
        if name == "cross-origin-opener-policy" && is_consent_page(path) {
            *value = "unsafe-none".to_owned();
        }
    }
    headers
}

/// For files: those whose name has their hash never change.
pub fn asset_headers(path: &str, found: bool) -> Headers {
    let mut headers = of_page(match (found, path.starts_with("/assets/")) {
        (true, true) => "public, max-age=31536000, immutable",
        (true, false) => "public, max-age=3600",
        (false, _) => "no-store",
    });
    for (name, value) in &mut headers {
        if name == SAME_ORIGIN.0 && path.starts_with(PICTURES) {
            *value = "cross-origin".to_owned();
        }
    }
    headers
}
