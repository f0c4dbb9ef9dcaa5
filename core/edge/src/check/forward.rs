//! A request that passes: what the API, the caller and a proxy are told.

use super::Asker;
use crate::isolate::Isolate;
use crate::state::Admission;
use gatehouse_domain::gate::{self, Answer, Pass, Verdict, Verified};
use gatehouse_domain::ports::EdgePorts;
use gatehouse_domain::request::RequestHead;
use gatehouse_domain::upstream::Identity;
use gatehouse_shared::description::Version;
use gatehouse_shared::model::UnixMillis;

impl<R: EdgePorts> Isolate<R> {
    /// Lets a request pass, for whoever has it.
    pub(super) fn forward(
        &self,
        passing: Passing<'_>,
        Pass { counter, identity, .. }: Pass,
        caller: &Verified,
        admission: Admission,
    ) -> Verdict {
        let Passing { asker, head, version, request_id, now } = passing;
        if asker == Asker::ProxyAfterRefusal {
            self.leases.borrow_mut().give_back(counter, admission);
            return Verdict::Answer(gate::passes_now(Some(version), request_id));
        }
        self.note_use(caller, now);
        let identity =
            Identity { request_id: request_id.to_owned(), rate: admission.rate, at: now.seconds(), ..identity };
        match asker {
            Asker::ForwardAuth { signs } => Verdict::Answer(self.answer_for_proxy(head, &identity, signs)),
            Asker::Client | Asker::Worker | Asker::ProxyAfterRefusal => Verdict::Forward(identity),
        }
    }

    pub(super) fn note_use(&self, caller: &Verified, now: UnixMillis) {
        if let Some(owner) = self.owner_of(caller.app_id()) {
            self.uses.borrow_mut().note(caller, owner, now);
        }
    }

    /// What the API is told of a request that passes, signed where the API
    /// shares a key; then, after an empty line, what the caller is told.
    pub fn header_lines(&self, head: &RequestHead<'_>, identity: &Identity) -> String {
        let lines = identity.header_lines();
        match &self.settings.upstream_key {
            Some(key) => identity.signature_lines(key, head, self.now()) + &lines,
            None => lines,
        }
    }

    /// What a proxy is answered whose request passes: all that the API and the
    /// caller are told, in headers, which the proxy copies. A signature lets
    /// whoever has it speak to the API as the gate does, so not everybody who
    /// asks gets one.
    pub(super) fn answer_for_proxy(&self, head: &RequestHead<'_>, identity: &Identity, signs: bool) -> Answer {
        let key = self.settings.upstream_key.as_ref().filter(|_| signs);
        let signature = key.map(|key| identity.signature(key, head, self.now()));
        let fields = signature.into_iter().flatten().chain(identity.fields()).chain(identity.fields_for_caller());
        let headers = fields.map(|(name, value)| (name.to_owned(), value)).collect();
        Answer { status: 200, headers, body: String::new() }
    }
}

/// A request that may pass.
#[derive(Clone, Copy)]
pub(super) struct Passing<'a> {
    pub asker: Asker,
    pub head: &'a RequestHead<'a>,
    pub version: &'a Version,
    pub request_id: &'a str,
    pub now: UnixMillis,
}
