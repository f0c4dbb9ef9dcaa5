//! How often the credential protocol's own endpoints are called.
//!
//! What an App proved to be its own is counted by App: Workers that are bound
//! to this one, and proxies, share one address. What is refused is counted by
//! address.

use super::request::Request;
use crate::isolate::Isolate;
use gatehouse_domain::ports::{EdgePorts, RateLimit};
use gatehouse_shared::model::AppId;

impl<R: EdgePorts> Isolate<R> {
    /// Counts a call with credentials of an App that were verified.
    pub(super) async fn admit_app(&self, app_id: AppId) -> bool {
        self.runtime.admit(RateLimit::App, &app_id.to_string()).await
    }

    /// Counts a call in the name of an App that has no secret: by address as
    /// well, so that nobody uses it up for its users.
    pub(super) async fn admit_public_app(&self, request: &Request, app_id: AppId) -> bool {
        let client = request.client().unwrap_or_default();
        self.runtime.admit(RateLimit::App, &format!("{app_id} {client}")).await
    }

    /// Counts a refusal against the address and network that it goes to. What
    /// failed here, and what was to wait already, is no refusal.
    pub(super) async fn admit_refused(&self, request: &Request, status: u16) -> bool {
        if !(400..500).contains(&status) || status == 429 {
            return true;
        }
        let client = match request.client() {
            Some(client) => self.runtime.admit(RateLimit::Token, &format!("refused {client}")).await,
            None => true,
        };
        let network = match request.network() {
            Some(network) => self.runtime.admit(RateLimit::Network, &format!("refused {network}")).await,
            None => true,
        };
        client && network
    }
}
