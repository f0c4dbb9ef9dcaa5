use super::Isolate;
use gatehouse_domain::gate::RefusalText;
use gatehouse_domain::ports::EdgePorts;
use gatehouse_shared::api::RefusalView;
use gatehouse_shared::model::AppId;

/// A refused request, for its App's owner.
pub(crate) struct NotedRefusal<'a> {
    pub app_id: AppId,
    pub request_id: &'a str,
    pub method: &'a str,
    /// Without the query.
    pub path: &'a str,
    /// HTTP status of the answer.
    pub status: u16,
    /// Whether the caller had proven to be the App.
    pub is_proven: bool,
}

impl<R: EdgePorts> Isolate<R> {
    /// Notes a refusal, with why, if there is room for one more of the App.
    pub(crate) fn note_refusal(&self, noted: &NotedRefusal<'_>, why: impl FnOnce() -> RefusalText) {
        if !self.refusals.borrow().has_room(noted.app_id, noted.is_proven) {
            return;
        }
        let RefusalText { reason, text, help, evidence } = why();
        self.refusals.borrow_mut().note(RefusalView {
            request_id: noted.request_id.to_owned(),
            app_id: noted.app_id,
            at: self.now(),
            method: shortened(noted.method, 20),
            path: shortened(noted.path, 300),
            status: noted.status,
            reason: reason.to_owned(),
            text,
            help,
            evidence,
            proven: noted.is_proven,
        });
    }
}

/// A text to be kept: the longest that is of use.
fn shortened(text: &str, longest: usize) -> String {
    text.chars().take(longest).collect()
}
