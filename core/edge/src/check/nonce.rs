//! Nonces of signed requests: each lets one request pass.

use super::Asker;
use crate::isolate::Isolate;
use crate::state::{Admission, LocalNonceOutcome};
use gatehouse_domain::credential::hex;
use gatehouse_domain::gate::{Denial, Nonce, Pass, Reason, Unproven, Unusable, Verified};
use gatehouse_domain::message::app_traffic::{AppTrafficCall, NonceOutcome};
use gatehouse_domain::ports::{EdgePorts, ObjectName, ask};
use gatehouse_shared::model::AppId;

impl<R: EdgePorts> Isolate<R> {
    /// Spends the nonce of a request that may pass, last of all: so only such
    /// a request costs a call to the App's object. A repetition gives its
    /// admission back.
    pub(super) async fn spend_nonce(
        &self,
        asker: Asker,
        pass: &Pass,
        caller: &Verified,
        admission: Admission,
    ) -> Result<(), Denial> {
        let Some(nonce) = caller.nonce() else { return Ok(()) };
        let spent = match self.spend_here(asker, pass.is_write, nonce) {
            Some(spent) => spent,
            None => Box::pin(self.spend_for_all(asker, caller.app_id(), nonce)).await,
        };
        spent.map_err(|reason| {
            self.leases.borrow_mut().give_back(pass.counter, admission);
            caller.denied(reason)
        })
    }

    /// Spends a nonce in this isolate's memory; `None` where the App's object
    /// must be asked.
    fn spend_here(&self, asker: Asker, is_write: bool, nonce: &Nonce) -> Option<Result<(), Reason>> {
        if is_write || !self.settings.local_read_nonces {
            return None;
        }
        let (now, mut nonces) = (self.now(), self.nonces.borrow_mut());
        let kept = if asker == Asker::ProxyAfterRefusal {
            nonces.find(&nonce.digest, nonce.keep_until, now)
        } else {
            nonces.spend(nonce.digest, nonce.keep_until, now)
        };
        match kept {
            LocalNonceOutcome::First => Some(Ok(())),
            LocalNonceOutcome::Again => Some(Err(Unproven::NonceUsed.into())),
            LocalNonceOutcome::Full => None,
        }
    }

    async fn spend_for_all(&self, asker: Asker, app_id: AppId, nonce: &Nonce) -> Result<(), Reason> {
        if asker == Asker::ProxyAfterRefusal {
            self.find_nonce(app_id, nonce).await
        } else {
            self.spend(app_id, nonce).await
        }
    }

    /// Spends the nonce of a verified request, once for all isolates.
    pub(crate) async fn record_nonce(&self, caller: &Verified) -> Result<(), Reason> {
        match caller.nonce() {
            Some(nonce) => self.spend(caller.app_id(), nonce).await,
            None => Ok(()),
        }
    }

    /// Looks whether a nonce is still good, and leaves it so.
    async fn find_nonce(&self, app_id: AppId, nonce: &Nonce) -> Result<(), Reason> {
        let call = AppTrafficCall::FindNonce { digest: hex(&nonce.digest), signed_at: nonce.signed_at };
        let spent = ask(&self.runtime, &ObjectName::AppTraffic(app_id), &call).await?;
        self.judge(app_id, spent)
    }

    /// Spends a nonce, once for all isolates.
    pub(crate) async fn spend(&self, app_id: AppId, nonce: &Nonce) -> Result<(), Reason> {
        let object = ObjectName::AppTraffic(app_id);
        let call = AppTrafficCall::SpendNonce { digest: hex(&nonce.digest), signed_at: nonce.signed_at };
        let spent = ask(&self.runtime, &object, &call).await?;
        self.judge(app_id, spent)
    }

    fn judge(&self, app_id: AppId, spent: NonceOutcome) -> Result<(), Reason> {
        match spent {
            NonceOutcome::First => Ok(()),
            NonceOutcome::Again => Err(Unproven::NonceUsed.into()),
            NonceOutcome::Deleted => {
                self.end_app(app_id);
                Err(Unproven::Key(Unusable::UnknownApp).into())
            }
        }
    }
}
