//! The request from which calls come, as the audit log tells it.

use super::request::Request;
use crate::isolate::Isolate;
use gatehouse_domain::audit::RequestSource;
use gatehouse_domain::ports::EdgePorts;

impl<R: EdgePorts> Isolate<R> {
    pub(super) fn source_of(&self, request: &Request, request_id: &str) -> RequestSource {
        let address = request.kept_address(self.settings.audit_address);
        self.source(request_id, address.unwrap_or_default(), String::new())
    }
}
