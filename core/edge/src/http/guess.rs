//! How often somebody may try a name and a password.
//!
//! A try is counted by where it comes from and by what is guessed at, so that
//! many networks together get no further with one name than one does. Only
//! tries from browsers that never signed in with the name share that budget:
//! its owner has their own, and nobody can use it up for them.

use super::body::BodyError;
use super::router::Exchange;
use super::session::read_browser;
use gatehouse_domain::account::UniqueName;
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::{EdgePorts, RateLimit};
use gatehouse_shared::model::AccountId;

impl<R: EdgePorts> Exchange<'_, R> {
    async fn admit(&self, limit: RateLimit, key: &str) -> Result<(), BodyError> {
        match self.isolate.runtime.admit(limit, key).await {
            true => Ok(()),
            false => Err(PortalError::TooManyTries { wait_seconds: 60 }.into()),
        }
    }

    /// Counts a call against the client's address and network, where they are
    /// known.
    async fn admit_address(&self, limit: RateLimit, what: &str) -> Result<(), BodyError> {
        let Some(address) = self.request.client() else { return Ok(()) };
        // First: one network would fill a limiter with its addresses.
        if let Some(network) = self.request.network() {
            self.admit(RateLimit::Network, &format!("{what} {network}")).await?;
        }
        self.admit(limit, &format!("{what} {address}")).await
    }

    pub(super) async fn admit_sign_up(&self) -> Result<(), BodyError> {
        self.admit_address(RateLimit::SignUp, "sign-up").await
    }

    pub(super) async fn admit_sign_in(&self, name: &UniqueName) -> Result<(), BodyError> {
        self.admit_address(RateLimit::SignIn, "sign-in").await?;
        let keyring = &self.isolate.settings.keyring;
        let key = match read_browser(self.request).filter(|browser| browser.knows(name, keyring)) {
            Some(browser) => format!("browser {}", browser.id()),
            None => format!("name {name}"),
        };
        self.admit(RateLimit::SignIn, &key).await
    }

    /// Counts a guess at the password of whoever is signed in already.
    pub(super) async fn admit_password(&self, account: AccountId) -> Result<(), BodyError> {
        self.admit(RateLimit::SignIn, &format!("account {account}")).await
    }

    /// Counts a look at a consent page.
    pub(super) async fn admit_anonymous(&self) -> Result<(), BodyError> {
        self.admit_address(RateLimit::Token, "consent").await
    }
}
