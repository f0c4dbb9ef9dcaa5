//! Shows new credentials. Their values appear only once.

mod download;
mod new_credentials;
mod panel;
mod sign_it;
pub mod text;
mod try_it;

pub use new_credentials::NewCredentials;
pub use panel::{CredentialsGone, CredentialsPanel};
