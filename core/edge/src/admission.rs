//! Limits: a request that passes spends an admission, which this isolate
//! leases ahead from the App's own object.

use crate::isolate::Isolate;
use crate::state::{Admission, LeaseDecision, Terms};
use gatehouse_domain::gate::Verified;
use gatehouse_domain::gate::{Pass, Reason};
use gatehouse_domain::limit::{Ceiling, Counter, LeaseRequest, Leased, Share};
use gatehouse_domain::message::app_traffic::AppTrafficCall;
use gatehouse_domain::metrics::LeaseEvent;
use gatehouse_domain::ports::{EdgePorts, ObjectName, PortError, ask};
use gatehouse_shared::model::UnixMillis;

impl<R: EdgePorts> Isolate<R> {
    /// Spends an admission, leased from the App's object where none is left.
    pub(crate) async fn admit(&self, pass: &Pass, caller: &Verified, now: UnixMillis) -> Result<Admission, Reason> {
        let taken = self.leases.borrow_mut().take(pass.counter, self.terms(pass), now);
        match taken {
            LeaseDecision::Admitted(admission) => Ok(admission),
            LeaseDecision::Exhausted(exhausted, rate) => Err(Reason::LimitReached { exhausted, rate }),
            LeaseDecision::Ask { want } => Box::pin(self.lease_and_admit(pass, caller, want)).await,
        }
    }

    async fn lease_and_admit(&self, pass: &Pass, caller: &Verified, want: u32) -> Result<Admission, Reason> {
        let (counter, terms) = (pass.counter, self.terms(pass));
        self.leases.borrow_mut().start(counter, self.runtime.now());
        let answer = self.lease(counter, terms, want).await;
        let leased = answer.as_ref().ok().copied().flatten();
        let taken = self.leases.borrow_mut().fill(counter, terms, leased, self.runtime.now());
        match (answer?, taken) {
            (None, _) => Err(caller.of_deleted_app().into()),
            (Some(_), Some(LeaseDecision::Admitted(admission))) => Ok(admission),
            (Some(_), Some(LeaseDecision::Exhausted(exhausted, rate))) => Err(Reason::LimitReached { exhausted, rate }),
            (Some(_), Some(LeaseDecision::Ask { .. }) | None) => {
                Err(Reason::StorageFailed("a lease was lost".to_owned()))
            }
        }
    }

    fn terms(&self, pass: &Pass) -> Terms {
        let monthly_cap = self.settings.api.plan.monthly_cap;
        let share = pass.identity.project_id.map(|project| Share { project, monthly_cap });
        Terms { window: pass.window, share }
    }

    /// Leases admissions; `None` where the App was deleted.
    pub(crate) async fn lease(&self, counter: Counter, terms: Terms, want: u32) -> Result<Option<Leased>, PortError> {
        let (Counter { app_id, class, user }, Terms { window, share }) = (counter, terms);
        let class = self.settings.api.class_name(class);
        let ceiling = share.and_then(|share| {
            let developer = self.owner_of(app_id)?;
            Some(Ceiling { developer, monthly_cap: self.settings.api.plan.account_cap(share.monthly_cap) })
        });
        let call = AppTrafficCall::Lease(LeaseRequest { app_id, class, user, window, share, ceiling, want });
        let leases = &self.runtime.metrics().leases;
        leases.add(LeaseEvent::Asked);
        let answer = ask(&self.runtime, &ObjectName::AppTraffic(app_id), &call).await;
        match &answer {
            Ok(Some(Leased::Exhausted(_))) => leases.add(LeaseEvent::Refused),
            Err(_) => leases.add(LeaseEvent::Failed),
            Ok(_) => {}
        }
        let leased: Option<Leased> = answer?;
        if leased.is_none() {
            self.end_app(app_id);
        }
        Ok(leased)
    }
}
