//! A request's way through the gate, where it must wait for storage.

use super::answer::{self, Identity, Refused, Verdict};
use super::nonces::Kept;
use super::present::{Presented, Signed};
use super::reason::{Reason, Unproven, Unusable};
use super::verify::{Nonce, Signing, Verified, verify_bearer, verify_user_token};
use super::{Admitted, Checked, Head, Step, check, decide};
use crate::app::LiveApp;
use crate::app_gate::{AppGateCall, Spent};
use crate::builtin;
use crate::credential::hex;
use crate::deployment::Deployment;
use crate::grant::LiveGrant;
use crate::ports::{EdgePorts, ObjectName, ask, log_error};
use gatehouse_shared::credential::UserToken;
use gatehouse_shared::description::Version;
use gatehouse_shared::model::{AccountId, AppId, Permission};
use gatehouse_shared::oauth1::Received;
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

/// Why a request does not pass, and what is known of its caller.
struct Stopped {
    reason: Reason,
    level: Option<Permission>,
}

impl<T: Into<Reason>> From<T> for Stopped {
    fn from(reason: T) -> Self {
        Self { reason: reason.into(), level: None }
    }
}

impl<R: EdgePorts> Deployment<R> {
    /// What the gate can say at once.
    pub fn check(&self, head: &Head<'_>) -> Step {
        let request_id = OnceCell::new();
        let id = || request_id.get_or_init(|| self.request_id()).clone();
        let checked = self.on_memories(|memories| check(&self.settings, memories, head, self.runtime.now(), &id));
        match checked {
            Checked::NotMine => Step::NotMine,
            Checked::Refused(refused) => Step::Decided(self.refused(refused, &id())),
            // What the deployment answers by itself needs storage.
            Checked::Admitted(_, admitted) if admitted.pass.builtin.is_some() => Step::Wait { form: false },
            Checked::Admitted(version, admitted) => match self.spend_here(&admitted) {
                Some(Ok(())) => Step::Decided(self.forward(*admitted, id())),
                Some(Err(reason)) => Step::Decided(self.refuse(head, version, reason.into(), &id())),
                None => Step::Spend(admitted),
            },
            Checked::Wait(_, presented) => Step::Wait { form: matches!(presented, Presented::InBody) },
        }
    }

    /// Goes on from [`Step::Spend`], which is not for what the deployment
    /// answers by itself.
    pub async fn spend_and_pass(&self, head: &Head<'_>, admitted: Admitted) -> Step {
        let Some(version) = self.settings.api.version_of(head.path()) else { return Step::NotMine };
        let request_id = self.request_id();
        Step::Decided(match self.record_nonce(&admitted.caller).await {
            Ok(()) => self.forward(admitted, request_id),
            Err(reason) => self.refuse(head, version, reason.into(), &request_id),
        })
    }

    /// What the gate says after waiting for what it needs; the form body must
    /// have been read where [`Self::check`] asked for it. Never [`Step::Wait`].
    pub async fn check_with_storage(&self, head: &Head<'_>, form: Form<'_>) -> Step {
        let request_id = self.request_id();
        let id = || request_id.clone();
        let checked = self.on_memories(|memories| check(&self.settings, memories, head, self.runtime.now(), &id));
        let (version, outcome) = match checked {
            Checked::NotMine => return Step::NotMine,
            Checked::Refused(refused) => return Step::Decided(self.refused(refused, &request_id)),
            Checked::Admitted(version, admitted) => (version, Ok(*admitted)),
            Checked::Wait(version, presented) => (version, self.admit_after_read(head, version, presented, form).await),
        };
        // Last of all, so that only a request that may pass costs a call to the App's gate.
        let outcome = match outcome {
            Ok(admitted) => self.spend_nonce(&admitted).await.map(|()| admitted).map_err(Stopped::from),
            stopped => stopped,
        };
        Step::Decided(match outcome {
            Ok(admitted) => self.pass(head, admitted, request_id).await,
            Err(stopped) => self.refuse(head, version, stopped, &request_id),
        })
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
        let caller = match presented {
            Presented::Bearer { public, secret } => {
                // A read that fails is no reason to go on with an old record.
                self.freshen(public.app_id).await.map_err(Reason::from)?;
                self.on_app(public.app_id, |app| verify_bearer(&self.settings, &public, secret, app, self.now()))
                    .ok_or(Unproven::Token(Unusable::UnknownApp))??
            }
            Presented::User(token) => self.verify_access_token(&token).await?,
            Presented::Signed(signed) => self.verify_signed(&head.received(None), &signed).await?,
            Presented::InBody => self.verify_request(&head.received(form)).await?,
        };
        let pass = self.decide(head, version, &caller)?;
        Ok(Admitted { pass, caller })
    }

    fn decide(&self, head: &Head<'_>, version: &Version, caller: &Verified) -> Result<super::Pass, Stopped> {
        let decided = self.on_app(caller.app_id(), |app| decide(version, head.method, head.path(), caller, app));
        match decided {
            Some(Ok(pass)) => Ok(pass),
            Some(Err(reason)) => Err(Stopped { reason, level: Some(caller.shown_level()) }),
            None => Err(Unproven::Token(Unusable::UnknownApp).into()),
        }
    }

    /// Verifies a user's OAuth 2.0 access token whose tag is good.
    pub(crate) async fn verify_access_token(&self, token: &UserToken<'_>) -> Result<Verified, Reason> {
        let (app_id, user) = (token.public.app_id, token.user);
        self.freshen_both(app_id, user).await?;
        if self.on_app(app_id, |_| ()).is_none() {
            return Err(Unproven::Token(Unusable::UnknownApp).into());
        }
        self.with_grant(app_id, user, |grant| verify_user_token(&self.settings, token, grant, self.now())).await
    }

    /// Verifies a request signed for a user (RFC 5849 §3.2): all but that its
    /// nonce is new, which is for [`Self::record_nonce`] to tell.
    pub(crate) async fn verify_request(&self, received: &Received<'_>) -> Result<Verified, Reason> {
        self.verify_signed(received, &Signed::read(&self.settings, received)?).await
    }

    async fn verify_signed(
        &self,
        received: &Received<'_>,
        Signed { request, keys }: &Signed,
    ) -> Result<Verified, Reason> {
        let app_id = keys.key.app_id;
        let (user, named) = keys.token.ok_or(Unproven::NoToken)?;
        // An owner needs no grant. An App never changes hands, so an old record tells it as well.
        if self.owner_of(app_id) == Some(user) {
            self.freshen(app_id).await?;
        } else {
            self.freshen_both(app_id, user).await?;
        }
        let is_owner = self.owner_of(app_id) == Some(user);
        let verify = |grant: Option<&LiveGrant>| {
            let signing = |app: &LiveApp| {
                let (settings, now) = (&self.settings, self.now());
                let signing = Signing { settings, received, request, key: keys.key, app, now };
                signing.verify_for_user((user, named), is_owner, grant)
            };
            self.on_app(app_id, signing).unwrap_or(Err(Unproven::Key(Unusable::UnknownApp)))
        };
        if is_owner { Ok(verify(None)?) } else { self.with_grant(app_id, user, verify).await }
    }

    /// Verifies against what is known of a grant; where that may be older than
    /// the token, its one writer is asked.
    async fn with_grant<T>(
        &self,
        app_id: AppId,
        user: AccountId,
        verify: impl Fn(Option<&LiveGrant>) -> Result<T, Unproven>,
    ) -> Result<T, Reason> {
        let outcome = self.on_grant(app_id, user, &verify);
        // Calls that come at once each ask: on Workers no request may wait for what another one does.
        let is_unknown = matches!(outcome, Err(Unproven::Token(Unusable::Replaced)));
        if is_unknown && self.ask_for_grant(app_id, user).await? {
            return Ok(self.on_grant(app_id, user, &verify)?);
        }
        Ok(outcome?)
    }

    /// Uses the nonce of a request that may pass up, where that is for this
    /// isolate alone to say; `None` where it is for the App's object.
    fn spend_here(&self, admitted: &Admitted) -> Option<Result<(), Reason>> {
        let Some(nonce) = admitted.caller.nonce() else { return Some(Ok(())) };
        if admitted.pass.is_write || !self.settings.local_read_nonces {
            return None;
        }
        match self.nonces.borrow_mut().spend(nonce.digest, nonce.keep_until, self.now()) {
            Kept::First => Some(Ok(())),
            Kept::Again => Some(Err(Unproven::NonceUsed.into())),
            Kept::Full => None,
        }
    }

    async fn spend_nonce(&self, admitted: &Admitted) -> Result<(), Reason> {
        match self.spend_here(admitted) {
            Some(spent) => spent,
            None => self.record_nonce(&admitted.caller).await,
        }
    }

    /// Uses the nonce of a verified request up, once for all isolates.
    pub(crate) async fn record_nonce(&self, caller: &Verified) -> Result<(), Reason> {
        match caller.nonce() {
            Some(nonce) => self.spend(caller.app_id(), nonce).await,
            None => Ok(()),
        }
    }

    /// Uses a nonce up, once for all isolates.
    pub(crate) async fn spend(&self, app_id: AppId, nonce: &Nonce) -> Result<(), Reason> {
        let object = ObjectName::AppGate(app_id);
        let call = AppGateCall::SpendNonce { digest: hex(&nonce.digest), keep_until: nonce.keep_until };
        match ask(&self.runtime, &object, &call).await {
            Ok(Spent::First) => Ok(()),
            Ok(Spent::Again) => Err(Unproven::NonceUsed.into()),
            Err(error) => Err(error.into()),
        }
    }

    /// Passes an admitted request on, or answers it here.
    async fn pass(&self, head: &Head<'_>, admitted: Admitted, request_id: String) -> Verdict {
        let Some(builtin) = admitted.pass.builtin else { return self.forward(admitted, request_id) };
        self.note_use(&admitted.caller);
        let answer = builtin::answer(self, builtin, head, &admitted.caller, &request_id).await;
        let level = admitted.caller.shown_level().as_str();
        Verdict::Answer(answer.with("x-access-level", level).with("x-gatehouse-request-id", request_id))
    }

    fn forward(&self, Admitted { pass, caller }: Admitted, request_id: String) -> Verdict {
        self.note_use(&caller);
        Verdict::Forward(Identity { request_id, ..pass.identity })
    }

    fn note_use(&self, caller: &Verified) {
        if let Some(owner) = self.owner_of(caller.app_id()) {
            self.uses.borrow_mut().note(caller, owner, self.runtime.now());
        }
    }

    fn refuse(&self, head: &Head<'_>, version: &Version, stopped: Stopped, request_id: &str) -> Verdict {
        let Stopped { reason, level } = stopped;
        let origin = self.settings.origin(head.origin());
        self.refused(answer::refuse(reason, level, version, origin, request_id), request_id)
    }

    /// Gives a refusal out; the operator hears of it where only they can help.
    fn refused(&self, refused: Refused, request_id: &str) -> Verdict {
        self.log_reason(&refused.reason, request_id);
        Verdict::Refuse(refused)
    }

    /// Logs why a request was refused, where it is the operator's to help.
    pub(crate) fn log_reason(&self, reason: &Reason, request_id: &str) {
        match reason {
            Reason::Unproven(Unproven::Key(unusable) | Unproven::Token(unusable)) => self.tell_operator(unusable),
            Reason::StorageFailed(error) => log_error(&self.runtime, "check_request", request_id, error),
            _ => {}
        }
    }

    /// Logs a credential that nobody but the operator can help, once an
    /// isolate and case.
    pub(crate) fn tell_operator(&self, unusable: &Unusable) {
        if let Some((case, text)) = unusable.for_operator()
            && self.told.borrow_mut().insert(case)
        {
            log_error(&self.runtime, "master-key-missing", "", &text);
        }
    }
}
