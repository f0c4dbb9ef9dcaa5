//! Refused calls to the credential protocol's own endpoints: their sender is
//! told what the protocol has for it, the App's owner reads why.

use super::reply::Response;
use super::request::Request;
use crate::isolate::{Isolate, NotedRefusal};
use gatehouse_domain::credential::Derived;
use gatehouse_domain::gate::{Reason, RefusalText, Unproven, explain, verify_app_tag};
use gatehouse_domain::ports::EdgePorts;
use gatehouse_shared::credential::ApiKey;
use gatehouse_shared::model::AppId;
use gatehouse_shared::oauth1;

/// A refusal.
pub(super) struct Refused {
    pub answer: Response,
    /// The App whose credential came, where it was made here.
    app_id: Option<AppId>,
    /// Whether the caller had proven to be that App.
    is_proven: bool,
    /// `None` where the owner can do nothing about it.
    why: Option<Box<RefusalText>>,
}

impl Refused {
    pub fn new(answer: Response, why: RefusalText) -> Self {
        Self { answer, app_id: None, is_proven: false, why: Some(Box::new(why)) }
    }

    /// For what the gate refuses in the same way.
    pub fn for_reason(answer: Response, reason: &Reason) -> Self {
        Self::new(answer, explain(reason))
    }

    /// A refusal of the App's, where it is known.
    pub fn of(self, app_id: impl Into<Option<AppId>>) -> Self {
        Self { app_id: app_id.into().or(self.app_id), ..self }
    }

    /// By a caller who had proven to be the App, or had not.
    pub fn proven(self, is_proven: bool) -> Self {
        Self { is_proven: is_proven || self.is_proven, ..self }
    }
}

impl From<Response> for Refused {
    fn from(answer: Response) -> Self {
        Self { answer, app_id: None, is_proven: false, why: None }
    }
}

impl<R: EdgePorts> Isolate<R> {
    /// Counts a refused call, and keeps it for the App's owner; gives the
    /// answer. Who is refused too often is told to wait, and nothing is kept.
    pub(super) async fn refuse_call(
        &self,
        request: &Request,
        request_id: &str,
        refused: Refused,
        too_many: fn() -> Response,
    ) -> Response {
        let Refused { answer, app_id, is_proven, why } = refused;
        if !self.admit_refused(request, answer.status).await {
            return too_many();
        }
        if let (Some(app_id), Some(why)) = (app_id, why) {
            let (method, path, status) = (request.method.as_str(), request.path(), answer.status);
            self.note_refusal(&NotedRefusal { app_id, request_id, method, path, status, is_proven }, || *why);
        }
        answer
    }

    /// The App whose API Key a signed request names, where what is wrong with
    /// it is something else.
    pub(super) fn app_of_key(&self, request: &Request, unproven: &Unproven) -> Option<AppId> {
        if matches!(unproven, Unproven::Key(_)) {
            return None;
        }
        let peeked = oauth1::peek(request.header("authorization"), &request.url)?;
        let key = ApiKey::read(self.settings.prefix(), &peeked.consumer_key);
        verify_app_tag(&self.settings, Derived::ApiKey, key).ok().map(|key| key.app_id)
    }
}
