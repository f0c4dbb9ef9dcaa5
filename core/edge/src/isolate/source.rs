//! Tells objects which request a call comes from.

use super::Isolate;
use gatehouse_domain::audit::RequestSource;
use gatehouse_domain::credential::hex;
use gatehouse_domain::ports::{EdgePorts, random};

impl<R: EdgePorts> Isolate<R> {
    /// The source of the calls that a request makes; the address is empty where it is not known or not kept.
    pub(crate) fn source(&self, request_id: &str, address: String, session_id: String) -> RequestSource {
        RequestSource {
            request_id: request_id.to_owned(),
            address,
            session_id,
            entropy: hex(&random::<16>(&self.runtime)),
            keep_days: self.settings.audit_days,
        }
    }
}
