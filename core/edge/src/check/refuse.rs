//! A refused request: its answer, a note for the App's owner, and a line in
//! the log where only the operator can help.

use crate::isolate::{Isolate, NotedRefusal};
use gatehouse_domain::gate::{self, Asked, Denial, Keys, Reason, Unproven, Verdict, explain};
use gatehouse_domain::ports::EdgePorts;
use gatehouse_domain::request::RequestHead;
use gatehouse_shared::description::Version;
use gatehouse_shared::model::{AppId, UnixMillis};
use gatehouse_shared::oauth1;

impl<R: EdgePorts> Isolate<R> {
    /// Before a credential is refused as made up: whether the master keys are
    /// the right ones.
    pub(super) async fn doubt_keys(&self, reason: &Reason) -> Result<(), Reason> {
        if !reason.depends_on_keys() || self.master_keys_known() == Some(Ok(())) {
            return Ok(());
        }
        Box::pin(self.check_master_keys()).await.map_err(|error| Reason::StorageFailed(error.to_string()))
    }

    /// Refuses a request, in the form of its version; notes why for the App's owner.
    pub(super) fn refuse(
        &self,
        head: &RequestHead<'_>,
        version: &Version,
        denial: Denial,
        request_id: &str,
        now: UnixMillis,
    ) -> Verdict {
        let asked = Asked { version, head, origin: self.settings.origin(head.origin()), now: now.seconds() };
        let refused = gate::refuse(denial, &asked, request_id);
        self.log_reason(&refused.reason, request_id);
        let app_id = refused.app_id.or_else(|| self.app_named(head, &refused.reason));
        if let Some(app_id) = app_id {
            let status = refused.answer.status;
            let (method, path, is_proven) = (head.method, head.path(), refused.is_proven);
            let noted = NotedRefusal { app_id, request_id, method, path, status, is_proven };
            self.note_refusal(&noted, || explain(&refused.reason));
        }
        Verdict::Refuse(refused)
    }

    /// The App whose API Key came with a token that was not made here.
    fn app_named(&self, head: &RequestHead<'_>, reason: &Reason) -> Option<AppId> {
        let Reason::Unproven(Unproven::Token(_)) = reason else { return None };
        let peeked = oauth1::peek(head.authorization, head.url)?;
        Keys::read(&self.settings, &peeked.consumer_key, None).ok().map(|keys| keys.key.app_id)
    }
}
