//! What an isolate does after it answered: it tells which credentials were
//! used and what was refused, renews leases that run low, and gives back what
//! was not spent. No request waits for it.

use crate::isolate::Isolate;
use futures_util::future::{join, join_all, join4};
use gatehouse_domain::message::account::{AccountCall, AccountRequest, Caller};
use gatehouse_domain::message::app_traffic::AppTrafficCall;
use gatehouse_domain::message::credential::CredentialUse;
use gatehouse_domain::message::developer_account::{DeveloperAccountCall, DeveloperAccountRequest};
use gatehouse_domain::message::outcome::Outcome;
use gatehouse_domain::metrics::LeaseEvent;
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::{EdgePorts, Event, ObjectName, PortError, ask, log_error};
use gatehouse_shared::api::Done;
use gatehouse_shared::model::UnixMillis;

/// How long an isolate waits between its looks at what it holds, and how many
/// it takes, within the 30 s that the runtime gives a request afterwards.
const ROUND_MILLIS: u64 = 4_000;
const ROUNDS: u32 = 7;
/// A lease that was not spent from for so long is given back.
const IDLE_MILLIS: u64 = 2_000;

impl<R: EdgePorts> Isolate<R> {
    /// Whether [`Self::settle`] has something to do.
    pub fn has_work(&self, now: UnixMillis) -> bool {
        self.master_keys_unknown(now)
            || self.uses.borrow().is_waiting()
            || self.failed_sign_ins.borrow().is_waiting()
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
        let report = join(self.report_uses(), self.report_failed_sign_ins());
        join4(check, self.renew_leases(), report, self.report_refusals()).await;
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
            self.runtime.metrics().leases.add_many(LeaseEvent::Returned, returned.len() as u64);
            let call = AppTrafficCall::Return(returned);
            let told: Result<(), PortError> = ask(&self.runtime, &ObjectName::AppTraffic(app_id), &call).await;
            if let Err(error) = told {
                log_error(&self.runtime, Event::ReportFailed, "", &format!("return_leases: {error}"));
            }
        }))
        .await;
    }

    /// Tells the Apps' objects what was refused.
    pub async fn report_refusals(&self) {
        let waiting = self.refusals.borrow_mut().take(self.runtime.now());
        join_all(waiting.into_iter().map(|(app_id, refusals)| async move {
            let call = AppTrafficCall::PutRefusals(refusals);
            let told: Result<(), PortError> = ask(&self.runtime, &ObjectName::AppTraffic(app_id), &call).await;
            if let Err(error) = told {
                log_error(&self.runtime, Event::ReportFailed, "", &format!("report_refusals: {error}"));
            }
        }))
        .await;
    }

    /// Tells the objects that keep them which credentials let requests pass today.
    /// What could not be told is told with the next request.
    pub(crate) async fn report_uses(&self) {
        let waiting = self.uses.borrow_mut().take();
        join_all(waiting.into_iter().map(|(keeper, uses)| async move {
            if let Err(error) = self.report_uses_to(&keeper, uses.clone()).await {
                log_error(&self.runtime, Event::ReportFailed, "", &format!("report_uses: {error}"));
                self.uses.borrow_mut().forget(&uses);
            }
        }))
        .await;
    }

    /// Tells accounts that sign-ins failed. Not tried again: who floods must not have it repeated.
    async fn report_failed_sign_ins(&self) {
        let waiting = self.failed_sign_ins.borrow_mut().take();
        join_all(waiting.into_iter().map(|(account, count)| async move {
            let call = AccountCall::NoteFailedSignIns { count };
            let source = self.source("", String::new(), String::new());
            let told: Result<Done, PortalError> = self.ask_account(account, Caller::Internal, call, &source).await;
            if let Err(error) = told {
                log_error(&self.runtime, Event::ReportFailed, "", &format!("report_failed_sign_ins: {error:?}"));
            }
        }))
        .await;
    }

    async fn report_uses_to(&self, keeper: &ObjectName, uses: Vec<CredentialUse>) -> Result<(), PortError> {
        let _: Outcome<Done> = match keeper {
            ObjectName::Account(account) => {
                let request = AccountRequest::internal(*account, AccountCall::RecordUses(uses));
                ask(&self.runtime, keeper, &request).await?
            }
            ObjectName::DeveloperAccount(developer) => {
                let request = DeveloperAccountRequest::internal(*developer, DeveloperAccountCall::RecordUses(uses));
                ask(&self.runtime, keeper, &request).await?
            }
            _ => return Err(PortError(format!("{keeper} keeps no credentials"))),
        };
        Ok(())
    }
}
