//! What an isolate logs for the operator.

use super::Isolate;
use gatehouse_domain::gate::{Reason, Unproven, Unusable};
use gatehouse_domain::ports::{EdgePorts, Event, log_error, log_failure};

impl<R: EdgePorts> Isolate<R> {
    /// Logs why a request was refused, where it is the operator's to help.
    pub(crate) fn log_reason(&self, reason: &Reason, request_id: &str) {
        match reason {
            Reason::Unproven(Unproven::Key(unusable) | Unproven::Token(unusable)) => self.tell_operator(unusable),
            Reason::StorageFailed(error) => log_failure(&self.runtime, "check_request", request_id, error),
            _ => {}
        }
    }

    /// Logs a credential that nobody but the operator can help, once an
    /// isolate and case.
    pub(crate) fn tell_operator(&self, unusable: &Unusable) {
        // Anybody can make a credential up that names any key.
        if let Unusable::UnknownMasterKey { key_id } = unusable
            && !self.was_master_key(*key_id)
        {
            return;
        }
        if let Some((case, text)) = unusable.for_operator()
            && self.logged_cases.borrow_mut().insert(case)
        {
            log_error(&self.runtime, Event::MasterKeyMissing, "", &text);
        }
    }
}
