//! Acting for a user with OAuth 2.0: authorization code with PKCE
//! (RFC 6749 §4.1, RFC 7636), as RFC 9700 narrows it.

mod authorize;
mod error;
mod parameters;
mod pkce;

pub use authorize::{Asked, Authorization, check_authorization};
pub use error::{ErrorCode, TokenError, plain};
pub use parameters::Parameters;
pub use pkce::{is_challenge, is_verifier, proves};
