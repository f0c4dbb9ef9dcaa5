//! Limits on the way through the gate, and what is left to do afterwards.

use super::decide::Pass;
use super::reason::Reason;
use super::verify::Verified;
use crate::app_gate::AppGateCall;
use crate::deployment::Deployment;
use crate::limit::{Admission, Ceiling, Counter, LeaseRequest, Leased, Share, Taken, Terms};
use crate::ports::{EdgePorts, Event, ObjectName, PortError, ask, log_error};
use futures_util::future::{join_all, join4};
use gatehouse_shared::model::UnixMillis;

/// How long an isolate waits between its looks at what it holds, and how many
/// it takes, within the 30 s that the runtime gives a request afterwards.
const ROUND_MILLIS: u64 = 4_000;
const ROUNDS: u32 = 7;
/// A lease that was not spent from for so long is given back.
const IDLE_MILLIS: u64 = 2_000;

impl<R: EdgePorts> Deployment<R> {
    /// Spends an admission from memory, or says what else is to be done.
    pub(super) fn take(&self, pass: &Pass, now: UnixMillis) -> Taken {
        self.leases.borrow_mut().take(pass.counter, self.terms(pass), now)
    }

    /// Spends an admission, leased from the App's gate where there is none.
    pub(super) async fn admit(&self, pass: &Pass, caller: &Verified) -> Result<Admission, Reason> {
        let taken = match self.take(pass, self.runtime.now()) {
            Taken::Ask { want } => {
                let (counter, terms) = (pass.counter, self.terms(pass));
                self.leases.borrow_mut().start(counter, self.runtime.now());
                let answer = self.lease(counter, terms, want).await;
                let leased = answer.as_ref().ok().copied().flatten();
                let kept = self.leases.borrow_mut().fill(counter, terms, leased, self.runtime.now());
                match answer {
                    Ok(Some(_)) => kept,
                    Ok(None) => return Err(caller.of_deleted_app().into()),
                    Err(error) => return Err(error.into()),
                }
            }
            taken => Some(taken),
        };
        match taken {
            Some(Taken::Admitted(admission)) => Ok(admission),
            Some(Taken::Exhausted(exhausted, rate)) => Err(Reason::LimitReached { exhausted, rate }),
            Some(Taken::Ask { .. }) | None => Err(Reason::StorageFailed("a lease was lost".to_owned())),
        }
    }

    fn terms(&self, pass: &Pass) -> Terms {
        let monthly_cap = self.settings.api.plan.monthly_cap;
        let share = pass.identity.project_id.map(|project| Share { project, monthly_cap });
        Terms { window: pass.window, share }
    }

    /// Leases admissions; `None` where the App was deleted.
    async fn lease(&self, counter: Counter, terms: Terms, want: u32) -> Result<Option<Leased>, PortError> {
        let (Counter { app_id, class, user }, Terms { window, share }) = (counter, terms);
        let class = self.settings.api.class_name(class);
        let ceiling = share.and_then(|share| {
            let account = self.owner_of(app_id)?;
            Some(Ceiling { account, monthly_cap: self.settings.api.plan.account_cap(share.monthly_cap) })
        });
        let call = AppGateCall::Lease(LeaseRequest { app_id, class, user, window, share, ceiling, want });
        let leased: Option<Leased> = ask(&self.runtime, &ObjectName::AppGate(app_id), &call).await?;
        if leased.is_none() {
            self.end_app(app_id);
        }
        Ok(leased)
    }

    /// Whether [`Self::settle`] has something to do.
    pub fn has_work(&self, now: UnixMillis) -> bool {
        self.master_keys_unknown(now)
            || self.uses.borrow().is_waiting()
            || self.leases.borrow().is_low()
            || self.refusals.borrow().is_due(now)
            || (self.settling_until.get() <= now && self.has_rest())
    }

    fn has_rest(&self) -> bool {
        self.leases.borrow().is_holding() || self.refusals.borrow().is_waiting()
    }

    /// Does what no request waits for: finds out whether the master keys are
    /// the right ones, tells which credentials were used and what was refused,
    /// renews leases that run low, and, after a while, gives back what was not
    /// spent.
    pub async fn settle(&self) {
        let check = async {
            if self.master_keys_unknown(self.runtime.now()) {
                // What comes of it is logged, or is asked for again by whoever needs it.
                let _ = self.check_master_keys().await;
            }
        };
        join4(check, self.renew_leases(), self.report_uses(), self.report_refusals()).await;
        let now = self.runtime.now();
        if self.settling_until.get() > now || !self.has_rest() {
            return;
        }
        // As a time, not a flag: the runtime may end this at any moment.
        self.settling_until.set(UnixMillis(now.0 + ROUND_MILLIS * u64::from(ROUNDS + 1)));
        for round in 1..=ROUNDS {
            self.runtime.sleep(ROUND_MILLIS).await;
            self.report_refusals().await;
            self.return_leases(if round < ROUNDS { IDLE_MILLIS } else { 0 }).await;
            if !self.has_rest() {
                break;
            }
        }
        self.settling_until.set(UnixMillis(0));
    }

    /// Asks for more where a lease runs low.
    pub async fn renew_leases(&self) {
        let low = self.leases.borrow_mut().take_low(self.runtime.now());
        join_all(low.into_iter().map(|(counter, terms, want)| async move {
            // One that fails is asked for again by the request that needs it.
            let answer = self.lease(counter, terms, want).await.ok().flatten();
            self.leases.borrow_mut().renew(counter, terms, answer, self.runtime.now());
        }))
        .await;
    }

    /// Gives back what idle leases have left. Not tried again where it fails:
    /// nobody knows whether it was heard, and too few is better than too many.
    pub async fn return_leases(&self, idle_millis: u64) {
        let name = |class| self.settings.api.class_name(class);
        let unspent = self.leases.borrow_mut().take_unspent(self.runtime.now(), idle_millis, name);
        join_all(unspent.into_iter().map(|(app_id, returned)| async move {
            let call = AppGateCall::Return(returned);
            let told: Result<(), PortError> = ask(&self.runtime, &ObjectName::AppGate(app_id), &call).await;
            if let Err(error) = told {
                log_error(&self.runtime, Event::ReportFailed, "", &format!("return_leases: {error}"));
            }
        }))
        .await;
    }

    /// Tells the Apps' gates what was refused.
    pub async fn report_refusals(&self) {
        let waiting = self.refusals.borrow_mut().take(self.runtime.now());
        join_all(waiting.into_iter().map(|(app_id, refusals)| async move {
            let call = AppGateCall::PutRefusals(refusals);
            let told: Result<(), PortError> = ask(&self.runtime, &ObjectName::AppGate(app_id), &call).await;
            if let Err(error) = told {
                log_error(&self.runtime, Event::ReportFailed, "", &format!("report_refusals: {error}"));
            }
        }))
        .await;
    }
}
