//! A request's way through the gate, where it must wait for storage.

use super::answer::{self, Refused, Stopped, Verdict};
use super::challenge::Asked;
use super::identity::Identity;
use super::nonces::Kept;
use super::noted::Noted;
use super::present::{Keys, Presented, Signed};
use super::reason::{Reason, Unproven, Unusable};
use super::verify::{Nonce, Signing, Verified, verify_bearer, verify_user_token};
use super::why::explain;
use super::{Admitted, Checked, Head, Step, Way, check, decide};
use crate::app::LiveApp;
use crate::app_gate::{AppGateCall, Spent};
use crate::builtin;
use crate::credential::hex;
use crate::deployment::Deployment;
use crate::grant::LiveGrant;
use crate::limit::{Admission, Taken};
use crate::ports::{EdgePorts, Event, ObjectName, ask, log_error, log_failure};
use gatehouse_shared::credential::{Public, Serial, UserToken};
use gatehouse_shared::description::Version;
use gatehouse_shared::model::{AccountId, AppId, UnixMillis, UnixSeconds};
use gatehouse_shared::oauth1::{self, Received};
use std::cell::OnceCell;

/// A request's body, as far as the gate needs it.
#[derive(Debug, Clone, Copy)]
pub enum Form<'a> {
    /// Not `application/x-www-form-urlencoded`, or not needed.
    None,
    Read(&'a [u8]),
    /// More than is verified.
    TooLarge,
}

/// The largest form that is read to be verified, in bytes. A larger one can be
/// sent as multipart/form-data, which is not signed.
pub const LARGEST_FORM: usize = 1024 * 1024;

/// The same where neither header nor query names a key and a token that were
/// made here: what is held for anybody who sends one.
pub const LARGEST_UNKNOWN_FORM: usize = 64 * 1024;
/// The serials that a request names.
#[derive(Clone, Copy)]
struct Named {
    key: Option<Serial>,
    token: Option<Serial>,
}

impl<R: EdgePorts> Deployment<R> {
    /// What the gate can say at once.
    pub fn check(&self, way: Way, head: &Head<'_>, now: UnixMillis) -> Step {
        let request_id = OnceCell::new();
        let id = || request_id.get_or_init(|| self.request_id()).clone();
        let checked = self.on_memories(|memories| check(&self.settings, memories, head, now, &id));
        match checked {
            Checked::NotMine => Step::NotMine,
            // Whether it is made up depends on the master keys, which may be the wrong ones.
            Checked::Refused(refused)
                if refused.reason.depends_on_keys() && self.master_keys_known() != Some(Ok(())) =>
            {
                Step::Wait { form: None }
            }
            Checked::Refused(refused) => Step::Decided(self.refused(head, refused, &id())),
            // What the deployment answers by itself needs storage.
            Checked::Admitted(_, admitted) if way == Way::Proxy && admitted.pass.builtin.is_some() => {
                Step::Wait { form: None }
            }
            Checked::Admitted(version, admitted) => match self.take(&admitted.pass, now) {
                Taken::Admitted(admission) => match self.spend_here(way, &admitted) {
                    Some(Ok(())) => Step::Decided(self.forward(way, head, *admitted, admission, id(), now)),
                    Some(Err(reason)) => {
                        self.leases.borrow_mut().give_back(admitted.pass.counter, admission);
                        Step::Decided(self.refuse(head, version, admitted.caller.stopped(reason), &id()))
                    }
                    None => Step::Spend(admitted, admission),
                },
                Taken::Ask { .. } => Step::Wait { form: None },
                Taken::Exhausted(exhausted, rate) => {
                    let stopped = admitted.caller.stopped(Reason::LimitReached { exhausted, rate });
                    Step::Decided(self.refuse(head, version, stopped, &id()))
                }
            },
            Checked::Wait(_, Presented::InBody { is_known }) => {
                Step::Wait { form: Some(if is_known { LARGEST_FORM } else { LARGEST_UNKNOWN_FORM }) }
            }
            Checked::Wait(..) => Step::Wait { form: None },
        }
    }

    /// Goes on from [`Step::Spend`], which is not for what the deployment
    /// answers by itself.
    pub async fn spend_and_pass(&self, way: Way, head: &Head<'_>, admitted: Admitted, admission: Admission) -> Step {
        let Some(version) = self.settings.api.version_of(head.path()) else { return Step::NotMine };
        let request_id = self.request_id();
        Step::Decided(match self.spend_nonce(way, &admitted, admission).await {
            Ok(()) => self.forward(way, head, admitted, admission, request_id, self.runtime.now()),
            Err(stopped) => self.refuse(head, version, stopped, &request_id),
        })
    }

    /// What the gate says after waiting for what it needs; the form body must
    /// have been read where [`Self::check`] asked for it. Never [`Step::Wait`].
    pub async fn check_with_storage(&self, way: Way, head: &Head<'_>, form: Form<'_>) -> Step {
        let request_id = self.request_id();
        let id = || request_id.clone();
        let checked = self.on_memories(|memories| check(&self.settings, memories, head, self.runtime.now(), &id));
        let (version, admitted) = match checked {
            Checked::NotMine => return Step::NotMine,
            Checked::Refused(refused) => {
                let Some(version) = self.settings.api.version_of(head.path()) else { return Step::NotMine };
                return Step::Decided(match self.doubt_keys(&refused.reason).await {
                    Ok(()) => self.refused(head, refused, &request_id),
                    Err(reason) => self.refuse(head, version, reason.into(), &request_id),
                });
            }
            Checked::Admitted(version, admitted) => (version, Ok(*admitted)),
            Checked::Wait(version, presented) => (version, self.admit_after_read(head, version, presented, form).await),
        };
        let passed = match admitted {
            Ok(admitted) => self.pass(way, head, admitted, request_id.clone()).await,
            Err(stopped) => match self.doubt_keys(&stopped.reason).await {
                Ok(()) => Err(stopped),
                Err(reason) => Err(reason.into()),
            },
        };
        Step::Decided(passed.unwrap_or_else(|stopped| self.refuse(head, version, stopped, &request_id)))
    }

    /// Before a credential is refused as made up: whether the master keys are
    /// the right ones.
    async fn doubt_keys(&self, reason: &Reason) -> Result<(), Reason> {
        if !reason.depends_on_keys() {
            return Ok(());
        }
        self.check_master_keys().await.map_err(|error| Reason::StorageFailed(error.to_string()))
    }

    async fn admit_after_read(
        &self,
        head: &Head<'_>,
        version: &Version,
        presented: Presented<'_>,
        form: Form<'_>,
    ) -> Result<Admitted, Stopped> {
        let form = match form {
            Form::None => None,
            Form::Read(bytes) => Some(bytes),
            Form::TooLarge => return Err(Reason::BodyTooLarge.into()),
        };
        let of = |app_id| move |reason: Reason| Stopped::from(reason).of(app_id);
        let caller = match presented {
            Presented::Bearer { public, secret } => {
                let app_id = public.app_id;
                self.verify_bearer(&public, secret).await.map_err(of(app_id))?
            }
            Presented::User(token) => {
                let app_id = token.public.app_id;
                self.verify_access_token(&token).await.map_err(of(app_id))?
            }
            Presented::Signed(signed) => {
                let app_id = signed.keys.key.app_id;
                self.verify_signed(&head.received(None), &signed, self.now()).await.map_err(of(app_id))?
            }
            Presented::InBody { .. } => {
                let received = head.received(form);
                let signed = Signed::read(&self.settings, &received)?;
                self.verify_signed(&received, &signed, self.now()).await.map_err(of(signed.keys.key.app_id))?
            }
        };
        let decided = self.on_app(caller.app_id(), |app| decide(version, head.method, head.path(), &caller, app));
        match decided {
            Some(Ok(pass)) => Ok(Admitted { pass, caller }),
            Some(Err(reason)) => Err(caller.stopped(reason)),
            None => Err(Stopped::from(Unproven::Token(Unusable::UnknownApp)).of(caller.app_id())),
        }
    }

    /// Verifies a Bearer Token whose tag is good.
    pub(super) async fn verify_bearer(&self, public: &Public, secret: &str) -> Result<Verified, Reason> {
        let app_id = public.app_id;
        // A read that fails is no reason to go on with an old record.
        self.freshen(app_id).await?;
        let unknown = Unproven::Token(Unusable::UnknownApp);
        let named = Named { key: None, token: Some(public.serial) };
        self.verify_known(app_id, named, None, unknown, |app, _| {
            verify_bearer(&self.settings, public, secret, app, self.now())
        })
        .await
    }

    /// Verifies a user's OAuth 2.0 access token whose tag is good.
    pub(crate) async fn verify_access_token(&self, token: &UserToken<'_>) -> Result<Verified, Reason> {
        let (app_id, user) = (token.public.app_id, token.user);
        self.freshen_both(app_id, user).await?;
        let unknown = Unproven::Token(Unusable::UnknownApp);
        let named = Named { key: None, token: Some(token.public.serial) };
        self.verify_known(app_id, named, Some(user), unknown, |_, grant| {
            verify_user_token(&self.settings, token, grant, self.now())
        })
        .await
    }

    /// Verifies a request signed for a user (RFC 5849 §3.2): all but that its
    /// nonce is new, which is for [`Self::record_nonce`] to tell.
    pub(crate) async fn verify_request(&self, received: &Received<'_>) -> Result<Verified, Reason> {
        self.verify_signed(received, &Signed::read(&self.settings, received)?, self.now()).await
    }

    /// `arrived_at` is when the request came, by which its timestamp is judged.
    pub(super) async fn verify_signed(
        &self,
        received: &Received<'_>,
        Signed { request, keys }: &Signed<'_>,
        arrived_at: UnixSeconds,
    ) -> Result<Verified, Reason> {
        let app_id = keys.key.app_id;
        let (user, token) = keys.token.ok_or(Unproven::NoToken)?;
        // An owner needs no grant. An App never changes hands, so an old record tells it as well.
        if self.owner_of(app_id) == Some(user) {
            self.freshen(app_id).await?;
        } else {
            self.freshen_both(app_id, user).await?;
        }
        let is_owner = self.owner_of(app_id) == Some(user);
        let granted_by = (!is_owner).then_some(user);
        let unknown = Unproven::Key(Unusable::UnknownApp);
        let named = Named { key: Some(keys.key.serial), token: Some(token.serial) };
        self.verify_known(app_id, named, granted_by, unknown, |app, grant| {
            let (settings, now) = (&self.settings, self.now());
            let signing = Signing { settings, received, request, key: keys.key, app, arrived_at, now };
            signing.verify_for_user((user, token), is_owner, grant)
        })
        .await
    }

    /// Verifies against what is known here; where that may be older than the
    /// credential, its one writer is asked, once for what it turns out not to
    /// have. `granted_by` is the user whose token it is, where that is not the
    /// App's own; `unknown` is what is said of an App that does not exist.
    async fn verify_known<T>(
        &self,
        app_id: AppId,
        named: Named,
        granted_by: Option<AccountId>,
        unknown: Unproven,
        verify: impl Fn(&LiveApp, Option<&LiveGrant>) -> Result<T, Unproven>,
    ) -> Result<T, Reason> {
        let known = || {
            let outcome = self.on_app(app_id, |app| match granted_by {
                Some(user) => self.on_grant(app_id, user, |grant| verify(app, grant)),
                None => verify(app, None),
            });
            outcome.unwrap_or_else(|| Err(unknown.clone()))
        };
        let mut outcome = known();
        // The App's writer may know a newer key, and then the user's a newer token.
        for _ in 0..2 {
            let missing = match &outcome {
                Err(Unproven::Key(Unusable::Replaced)) => named.key,
                Err(Unproven::Token(Unusable::Replaced)) => named.token,
                _ => break,
            };
            if self.gone.borrow().has(app_id, missing) {
                break;
            }
            // Calls that come at once each ask: on Workers no request may wait for what another one does.
            match (&outcome, granted_by) {
                (Err(Unproven::Token(Unusable::Replaced)), Some(user)) => self.ask_for_grant(app_id, user).await?,
                _ => self.ask_for_app(app_id).await?,
            }
            let before = std::mem::replace(&mut outcome, known());
            if outcome.as_ref().err() == before.as_ref().err() {
                self.gone.borrow_mut().put(app_id, missing);
                break;
            }
        }
        Ok(outcome?)
    }

    /// Uses the nonce of a request that may pass up, where that is for this
    /// isolate alone to say; `None` where it is for the App's object.
    fn spend_here(&self, way: Way, admitted: &Admitted) -> Option<Result<(), Reason>> {
        let Some(nonce) = admitted.caller.nonce() else { return Some(Ok(())) };
        if admitted.pass.is_write || !self.settings.local_read_nonces {
            return None;
        }
        let (now, mut nonces) = (self.now(), self.nonces.borrow_mut());
        let kept = match way {
            Way::Proxy | Way::Check | Way::ForwardAuth { .. } => nonces.spend(nonce.digest, nonce.keep_until, now),
            Way::Refusal => nonces.find(&nonce.digest, nonce.keep_until, now),
        };
        match kept {
            Kept::First => Some(Ok(())),
            Kept::Again => Some(Err(Unproven::NonceUsed.into())),
            Kept::Full => None,
        }
    }

    /// Last of all, so that only a request that may pass costs a call to the
    /// App's gate; what was admitted and is a repetition is not counted.
    async fn spend_nonce(&self, way: Way, admitted: &Admitted, admission: Admission) -> Result<(), Stopped> {
        let spent = match (self.spend_here(way, admitted), way) {
            (Some(spent), _) => spent,
            (None, Way::Proxy | Way::Check | Way::ForwardAuth { .. }) => self.record_nonce(&admitted.caller).await,
            (None, Way::Refusal) => self.find_nonce(&admitted.caller).await,
        };
        spent.map_err(|reason| {
            self.leases.borrow_mut().give_back(admitted.pass.counter, admission);
            admitted.caller.stopped(reason)
        })
    }

    /// Uses the nonce of a verified request up, once for all isolates.
    pub(crate) async fn record_nonce(&self, caller: &Verified) -> Result<(), Reason> {
        match caller.nonce() {
            Some(nonce) => self.spend(caller.app_id(), nonce).await,
            None => Ok(()),
        }
    }

    /// Looks whether the nonce of a verified request is still good, and leaves it so.
    async fn find_nonce(&self, caller: &Verified) -> Result<(), Reason> {
        let Some(nonce) = caller.nonce() else { return Ok(()) };
        let call = AppGateCall::FindNonce { digest: hex(&nonce.digest), signed_at: nonce.signed_at };
        let spent = ask(&self.runtime, &ObjectName::AppGate(caller.app_id()), &call).await?;
        self.judge(caller.app_id(), spent)
    }

    /// Uses a nonce up, once for all isolates.
    pub(crate) async fn spend(&self, app_id: AppId, nonce: &Nonce) -> Result<(), Reason> {
        let object = ObjectName::AppGate(app_id);
        let call = AppGateCall::SpendNonce { digest: hex(&nonce.digest), signed_at: nonce.signed_at };
        let spent = ask(&self.runtime, &object, &call).await?;
        self.judge(app_id, spent)
    }

    fn judge(&self, app_id: AppId, spent: Spent) -> Result<(), Reason> {
        match spent {
            Spent::First => Ok(()),
            Spent::Again => Err(Unproven::NonceUsed.into()),
            Spent::Deleted => {
                self.end_app(app_id);
                Err(Unproven::Key(Unusable::UnknownApp).into())
            }
        }
    }

    /// Counts an admitted request, then passes it on, or answers it here.
    async fn pass(
        &self,
        way: Way,
        head: &Head<'_>,
        admitted: Admitted,
        request_id: String,
    ) -> Result<Verdict, Stopped> {
        let Admitted { pass, caller } = &admitted;
        let admission = self.admit(pass, caller).await.map_err(|reason| caller.stopped(reason))?;
        self.spend_nonce(way, &admitted, admission).await?;
        // Whoever only asks has the request, and the API behind it answers.
        let Some(builtin) = pass.builtin.filter(|_| way == Way::Proxy) else {
            return Ok(self.forward(way, head, admitted, admission, request_id, self.runtime.now()));
        };
        self.note_use(caller, self.runtime.now());
        let answer = builtin::answer(self, builtin, head, caller, &request_id).await;
        let level = caller.shown_level().as_str();
        let answer = answer
            .with("x-access-level", level)
            .with_rate(admission.rate, self.now())
            .with("x-gatehouse-request-id", request_id);
        Ok(Verdict::Answer(answer))
    }

    fn forward(
        &self,
        way: Way,
        head: &Head<'_>,
        Admitted { pass, caller }: Admitted,
        admission: Admission,
        request_id: String,
        now: UnixMillis,
    ) -> Verdict {
        if way == Way::Refusal {
            self.leases.borrow_mut().give_back(pass.counter, admission);
            return Verdict::Answer(answer::passes_now(self.settings.api.version_of(head.path()), &request_id));
        }
        self.note_use(&caller, now);
        let identity = Identity { request_id, rate: admission.rate, at: now.seconds(), ..pass.identity };
        match way {
            Way::ForwardAuth { signs } => Verdict::Answer(self.answer_for_proxy(head, &identity, signs)),
            _ => Verdict::Forward(identity),
        }
    }

    fn note_use(&self, caller: &Verified, now: UnixMillis) {
        if let Some(owner) = self.owner_of(caller.app_id()) {
            self.uses.borrow_mut().note(caller, owner, now);
        }
    }

    fn refuse(&self, head: &Head<'_>, version: &Version, stopped: Stopped, request_id: &str) -> Verdict {
        let asked = Asked { version, head, origin: self.settings.origin(head.origin()), now: self.now() };
        self.refused(head, answer::refuse(stopped, &asked, request_id), request_id)
    }

    /// Gives a refusal out; the App's owner reads why, and the operator hears
    /// of it where only they can help.
    fn refused(&self, head: &Head<'_>, refused: Refused, request_id: &str) -> Verdict {
        self.log_reason(&refused.reason, request_id);
        let app_id = refused.app_id.or_else(|| self.app_named(head, &refused.reason));
        if let Some(app_id) = app_id {
            let status = refused.answer.status;
            let (method, path, is_proven) = (head.method, head.path(), refused.is_proven);
            let noted = Noted { app_id, request_id, method, path, status, is_proven };
            self.note_refusal(&noted, || explain(&refused.reason));
        }
        Verdict::Refuse(refused)
    }

    /// The App whose API Key came with a token that was not made here.
    fn app_named(&self, head: &Head<'_>, reason: &Reason) -> Option<AppId> {
        let Reason::Unproven(Unproven::Token(_)) = reason else { return None };
        let peeked = oauth1::peek(head.authorization, head.url)?;
        Keys::read(&self.settings, &peeked.consumer_key, None).ok().map(|keys| keys.key.app_id)
    }

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
            && self.told.borrow_mut().insert(case)
        {
            log_error(&self.runtime, Event::MasterKeyMissing, "", &text);
        }
    }
}
