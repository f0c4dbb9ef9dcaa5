//! How credentials look: their parts, alphabet and checksum.
//!
//! A credential is `<prefix>_<kind>_<body><checksum>` (an Access Token
//! `<user id>-<body><checksum>`): base62, so that a
//! double-click selects it whole, and with a checksum, so that a leak scanner
//! and the gate tell a real one from a typo without asking anybody.

mod base62;
mod catalogue;
mod checksum;
mod format;
mod public;

pub use base62::{decode_u64, encode_bytes, encode_u64};
pub use catalogue::{Format, formats};
pub use checksum::FormatError;
pub use format::{
    AccessToken, AccessTokenSecret, ApiKey, ApiKeySecret, AuthorizationCode, BearerToken, ClientId, ClientSecret,
    OAuth2AccessToken, RefreshToken, RequestToken, RequestTokenSecret, SECRET_CHARS, UserToken,
};
pub use public::{Public, SERIAL_CHARS, Serial, TAGS};
