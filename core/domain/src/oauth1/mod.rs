//! Acting for a user with OAuth 1.0a: a request token, the user's answer, and
//! its redemption (RFC 5849 §2).

mod request_token;

pub use request_token::{
    AskedCallback, CallbackError, REPEAT_SECONDS, REQUEST_TOKEN_SECONDS, Redeemed, RequestToken, Verifier,
    check_callback, level_asked,
};
