//! How often the credential protocol's own endpoints are called.
//!
//! What an App proved to be its own is counted by App: Workers that are bound
//! to this one, and proxies, share one address. What is refused is counted by
//! address.

use super::reply::Response;
use super::request::Request;
use super::token::coded;
use crate::deployment::Deployment;
use crate::ports::{EdgePorts, RateLimit};
use gatehouse_shared::model::AppId;

fn too_many() -> Response {
    coded(429, 88, "Rate limit exceeded").with("retry-after", "60")
}

impl<R: EdgePorts> Deployment<R> {
    /// Counts a call with credentials of an App that were verified.
    pub(super) async fn admit_app(&self, app_id: AppId) -> Result<(), Response> {
        match self.runtime.admit(RateLimit::App, &app_id.to_string()).await {
            true => Ok(()),
            false => Err(too_many()),
        }
    }

    /// Counts a refusal against the address and network that it goes to; gives
    /// the answer, or one that says to wait.
    pub(super) async fn count_refused(&self, request: &Request, answer: Response) -> Response {
        if !(400..500).contains(&answer.status) || answer.status == 429 {
            return answer;
        }
        let client = match request.client() {
            Some(client) => self.runtime.admit(RateLimit::Token, &client).await,
            None => true,
        };
        let network = match request.network() {
            Some(network) => self.runtime.admit(RateLimit::Network, &format!("Token {network}")).await,
            None => true,
        };
        if client && network { answer } else { too_many() }
    }
}
