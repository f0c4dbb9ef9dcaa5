//! May this request pass to the API? One function decides, whether or not
//! something has to be read first: [`Isolate::check`].
//!
//! A credential that was never made here is refused by arithmetic. The others
//! are verified against the records that this isolate remembers, and wait for
//! storage only where it does not: for a record, for admissions, for a nonce,
//! or for a form body that may be signed. A nonce is spent last.

mod asker;
mod browser;
mod form;
mod forward;
mod forward_auth;
mod nonce;
mod refuse;
mod standing;
mod verify;
mod wire;

pub use asker::Asker;
pub use browser::{Browsing, Page};
pub use form::{Form, FormBody, LARGEST_FORM, LARGEST_UNKNOWN_FORM};
pub use forward_auth::{
    OF_A_QUESTION, OriginalRequest, OriginalRequestError, original_request_headers, read_original_request,
};
pub use standing::Standing;
pub use wire::{DecisionCode, write_answer, write_browsing};

use crate::builtin;
use crate::isolate::Isolate;
use crate::state::Admission;
use forward::Passing;
use gatehouse_domain::gate::{Denial, NamedKeys, Pass, Presented, Reason, Signed, Verdict, Verified, decide, present};
use gatehouse_domain::metrics::Decision;
use gatehouse_domain::path::{is_own, leads_elsewhere};
use gatehouse_domain::ports::EdgePorts;
use gatehouse_domain::progress::noting_wait;
use gatehouse_domain::request::RequestHead;
use gatehouse_shared::description::{Builtin, Version};
use gatehouse_shared::model::UnixMillis;
use verify::Claim;

impl<R: EdgePorts> Isolate<R> {
    /// Decides a request; `None` where its path lies under no version of the
    /// API and the client has it. Reads `body` only where a signature may cover
    /// it.
    pub async fn check(&self, asker: Asker, head: &RequestHead<'_>, body: &impl FormBody) -> Option<Verdict> {
        let path = head.path();
        let Some(version) = self.settings.api.version_of(path).filter(|_| !is_own(path)) else {
            return (asker != Asker::Client).then(|| {
                if asker != Asker::ProxyAfterRefusal {
                    self.count_decision(None, Decision::NoVersion);
                }
                Verdict::Answer(self.no_version())
            });
        };
        let (request_id, now) = (self.request_id(), self.runtime.now());
        let passing = Passing { asker, head, version, request_id: &request_id, now };
        let (passed, now) = self.until(now, self.pass(passing, body)).await;
        Some(match passed {
            Ok(verdict) => {
                self.count_pass(asker, version, &verdict);
                verdict
            }
            Err(denial) => {
                let denial = match self.doubt_keys(&denial.reason).await {
                    Ok(()) => denial,
                    Err(reason) => reason.into(),
                };
                // The proxy asked before, and that was counted.
                if asker != Asker::ProxyAfterRefusal {
                    self.count_decision(Some(version), denial.reason.decision());
                }
                self.refuse(head, version, denial, &request_id, now)
            }
        })
    }

    /// Counts a request that passes, whoever forwards it.
    fn count_pass(&self, asker: Asker, version: &Version, verdict: &Verdict) {
        let decision = match (asker, verdict) {
            (Asker::ProxyAfterRefusal, _) => return,
            (Asker::Client, Verdict::Answer(_)) => Decision::Answered,
            _ => Decision::Forwarded,
        };
        self.count_decision(Some(version), decision);
    }

    /// Does a step of the decision, begun at `now`; gives the time at its end.
    /// The time is read again only if the step waited: reading it crosses into
    /// JavaScript and leaves garbage there.
    async fn until<T>(&self, now: UnixMillis, step: impl Future<Output = T>) -> (T, UnixMillis) {
        let (done, has_waited) = noting_wait(step).await;
        (done, if has_waited { self.runtime.now() } else { now })
    }

    /// Lets a request pass, or says why not.
    async fn pass(&self, passing: Passing<'_>, body: &impl FormBody) -> Result<Verdict, Denial> {
        let Passing { asker, head, version, now, .. } = passing;
        let presented = present(&self.settings, head)?;
        if leads_elsewhere(head.path()) {
            return Err(Reason::AmbiguousPath.into());
        }
        let (caller, now) = self.until(now, self.identify(head, presented, body, now)).await;
        let caller = caller?;
        let pass = self.may_pass(version, head, &caller).map_err(|reason| caller.denied(reason))?;
        let (admission, now) = self.until(now, self.admit(&pass, &caller, now)).await;
        let admission = admission.map_err(|reason| caller.denied(reason))?;
        let (spent, now) = self.until(now, self.spend_nonce(asker, &pass, &caller, admission)).await;
        spent?;
        // Whoever only asks has the request, and the API behind it answers.
        let passing = Passing { now, ..passing };
        match pass.builtin.filter(|_| asker == Asker::Client) {
            Some(builtin) => Ok(Box::pin(self.answer_builtin(passing, builtin, &caller, admission)).await),
            None => Ok(self.forward(passing, pass, &caller, admission)),
        }
    }

    /// Verifies what was presented.
    async fn identify(
        &self,
        head: &RequestHead<'_>,
        presented: Presented<'_>,
        body: &impl FormBody,
        now: UnixMillis,
    ) -> Result<Verified, Denial> {
        match presented {
            Presented::Bearer { public, secret } => self.verify_claim(&Claim::Bearer { public, secret }, now).await,
            Presented::User(token) => self.verify_claim(&Claim::UserToken(&token), now).await,
            Presented::Signed(signed) => {
                let claim =
                    Claim::Signed { received: &head.received(None), signed: &signed, arrived_at: now.seconds() };
                self.verify_claim(&claim, now).await
            }
            Presented::InBody { named } => Box::pin(self.identify_by_body(head, named, body)).await,
        }
    }

    /// Verifies a request that may be signed in its body, or over it.
    async fn identify_by_body(
        &self,
        head: &RequestHead<'_>,
        named: Option<NamedKeys<'_>>,
        body: &impl FormBody,
    ) -> Result<Verified, Denial> {
        let is_known = named.as_ref().is_some_and(|named| named.keys.token.is_some());
        let form = body.read(if is_known { LARGEST_FORM } else { LARGEST_UNKNOWN_FORM }).await;
        let received = head.received(match &form {
            Form::None => None,
            Form::Read(bytes) => Some(bytes),
            Form::TooLarge => return Err(Reason::BodyTooLarge.into()),
            Form::BrokenOff => return Err(Reason::BodyIncomplete.into()),
        });
        let signed = Signed::read(&self.settings, &received, named.as_ref())?;
        let now = self.runtime.now();
        let claim = Claim::Signed { received: &received, signed: &signed, arrived_at: now.seconds() };
        self.verify_claim(&claim, now).await
    }

    async fn verify_claim(&self, claim: &Claim<'_>, now: UnixMillis) -> Result<Verified, Denial> {
        self.verify(claim, now).await.map_err(|reason| Denial::from(reason).of(claim.app_id()))
    }

    /// Whether a verified caller may do what it asks for.
    fn may_pass(&self, version: &Version, head: &RequestHead<'_>, caller: &Verified) -> Result<Pass, Reason> {
        let decided = self.on_app(caller.app_id(), |app| decide(version, head.method, head.path(), caller, app));
        decided.unwrap_or_else(|| Err(caller.of_deleted_app().into()))
    }

    async fn answer_builtin(
        &self,
        Passing { head, request_id, .. }: Passing<'_>,
        builtin: Builtin,
        caller: &Verified,
        admission: Admission,
    ) -> Verdict {
        self.note_use(caller, self.runtime.now());
        let answer = builtin::answer(self, builtin, head, caller, request_id).await;
        let answer = answer
            .with("x-access-level", caller.shown_level().as_str())
            .with_rate(admission.rate, self.now())
            .with("x-gatehouse-request-id", request_id);
        Verdict::Answer(answer)
    }
}
