//! One deployment: its settings, its memory and its ports, held together.

use crate::app::{AppRecord, LiveApp};
use crate::app_gate::AppGateCall;
use crate::format::decode;
use crate::gate::{AppMemory, GoneMemory, GrantMemory, Known, Memories, NonceMemory, RefusalLog, UseLog};
use crate::grant::{GrantRecord, LiveGrant, grant_key};
use crate::ledger::{Caller, LedgerCall, LedgerRequest, Outcome, app_key};
use crate::limit::Leases;
use crate::master_keys::KeyCheck;
use crate::ports::{EdgePorts, Event, ObjectName, PortError, ask, log_error};
use crate::request_id::RequestIds;
use crate::settings::Settings;
use futures_util::future::{join_all, try_join};
use gatehouse_shared::api::Done;
use gatehouse_shared::model::{AccountId, AppId, UnixMillis, UnixSeconds};
use serde::de::DeserializeOwned;
use std::cell::{Cell, RefCell};
use std::collections::HashSet;

/// What requests are answered with. One per isolate.
pub struct Deployment<R> {
    pub runtime: R,
    pub settings: Settings,
    apps: RefCell<AppMemory>,
    grants: RefCell<GrantMemory>,
    pub(crate) gone: RefCell<GoneMemory>,
    pub(crate) nonces: RefCell<NonceMemory>,
    pub(crate) uses: RefCell<UseLog>,
    pub(crate) leases: RefCell<Leases>,
    pub(crate) refusals: RefCell<RefusalLog>,
    /// Until when somebody sees to what is left over.
    pub(crate) settling_until: Cell<UnixMillis>,
    /// Whether the master keys are the right ones.
    pub(crate) key_check: KeyCheck,
    /// What the operator was told already.
    pub(crate) told: RefCell<HashSet<String>>,
    request_ids: RefCell<RequestIds>,
}

impl<R: EdgePorts> Deployment<R> {
    pub fn new(runtime: R, settings: Settings) -> Self {
        Self {
            runtime,
            settings,
            apps: RefCell::default(),
            grants: RefCell::default(),
            gone: RefCell::default(),
            nonces: RefCell::default(),
            uses: RefCell::default(),
            leases: RefCell::default(),
            refusals: RefCell::default(),
            settling_until: Cell::default(),
            key_check: KeyCheck::default(),
            told: RefCell::default(),
            request_ids: RefCell::default(),
        }
    }

    /// A name for a request, for its answer and the log: 16 random base62
    /// digits, from which nobody can tell how many requests came between two.
    pub fn request_id(&self) -> String {
        self.request_ids.borrow_mut().next(&self.runtime)
    }

    /// Runs `body` on all that this isolate remembers.
    pub(crate) fn on_memories<T>(&self, body: impl FnOnce(&Memories<'_>) -> T) -> T {
        body(&Memories { apps: &self.apps.borrow(), grants: &self.grants.borrow() })
    }

    async fn read<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, PortError> {
        let text = self.runtime.get(key).await?;
        text.map(|text| decode(key, &text).map_err(PortError)).transpose()
    }

    /// Keeps records that a Ledger just published, so that this isolate acts
    /// on a change at once.
    pub fn remember(&self, apps: Vec<(AppId, AppRecord)>, grants: Vec<(AppId, AccountId, GrantRecord)>) {
        let now = self.runtime.now();
        for (app_id, record) in apps {
            self.apps.borrow_mut().remember(app_id, Some(record), now);
        }
        for (app_id, user, record) in grants {
            self.grants.borrow_mut().remember((app_id, user), Some(record), now);
        }
    }

    /// Sees to it that what memory knows of an App is fresh enough to decide on.
    pub(crate) async fn freshen(&self, app_id: AppId) -> Result<(), PortError> {
        let started = self.runtime.now();
        if is_known(&self.apps.borrow().find(app_id, started, self.settings.memory_seconds)) {
            return Ok(());
        }
        let strict = self.settings.strict_freshness;
        // With strict freshness KV only tells whose the App is, which never changes.
        if !(strict && self.owner_of(app_id).is_some()) {
            let record = self.read(&app_key(app_id)).await?;
            let is_missing = record.is_none();
            self.apps.borrow_mut().remember(app_id, record, started);
            self.apps.borrow_mut().doubt(app_id);
            if !(strict || is_missing) {
                return Ok(());
            }
            // Before KV shows a new App, or once it has lost one, many calls may come at once.
            if !(strict || self.gone.borrow().has(app_id, None) || self.apps.borrow_mut().may_ask(app_id, started)) {
                return Err(asked_too_often(app_id));
            }
        }
        self.read_app_of_ledger(app_id).await?;
        if self.gone.borrow().has(app_id, None) {
            self.apps.borrow_mut().note_gone(app_id, started);
        }
        Ok(())
    }

    async fn freshen_grant(&self, app_id: AppId, user: AccountId) -> Result<(), PortError> {
        let started = self.runtime.now();
        if is_known(&self.grants.borrow().find((app_id, user), started, self.settings.memory_seconds)) {
            return Ok(());
        }
        if self.settings.strict_freshness {
            return self.read_grant_of_ledger(app_id, user).await;
        }
        let record = self.read(&grant_key(app_id, user)).await?;
        self.grants.borrow_mut().remember((app_id, user), record, started);
        Ok(())
    }

    /// Freshens an App and what a user lets it do, in one round of reads.
    pub(crate) async fn freshen_both(&self, app_id: AppId, user: AccountId) -> Result<(), PortError> {
        try_join(self.freshen(app_id), self.freshen_grant(app_id, user)).await.map(|_| ())
    }

    /// Asks an App's Ledger itself, unless it was asked too often.
    pub(crate) async fn ask_for_app(&self, app_id: AppId) -> Result<(), PortError> {
        if !self.apps.borrow_mut().may_ask(app_id, self.runtime.now()) {
            return Err(asked_too_often(app_id));
        }
        self.read_app_of_ledger(app_id).await
    }

    /// The same with what a user lets an App do.
    pub(crate) async fn ask_for_grant(&self, app_id: AppId, user: AccountId) -> Result<(), PortError> {
        if !self.grants.borrow_mut().may_ask((app_id, user), self.runtime.now()) {
            return Err(asked_too_often(app_id));
        }
        self.read_grant_of_ledger(app_id, user).await
    }

    async fn read_app_of_ledger(&self, app_id: AppId) -> Result<(), PortError> {
        let owner = match self.owner_of(app_id) {
            Some(owner) => owner,
            // KV has no record, or does not show it yet: the App's own object knows whose it is.
            None if self.gone.borrow().has(app_id, None) => return Ok(()),
            None => match ask(&self.runtime, &ObjectName::AppGate(app_id), &AppGateCall::FindOwner).await? {
                Some(owner) => owner,
                None => {
                    self.gone.borrow_mut().put(app_id, None);
                    return Ok(());
                }
            },
        };
        let started = self.runtime.now();
        let is_missing = self.apps.borrow().is_missing(app_id);
        let record = self.read_of_ledger(owner, LedgerCall::ReadAppRecord { app_id, is_missing }).await?;
        self.apps.borrow_mut().remember(app_id, Some(record), started);
        Ok(())
    }

    async fn read_grant_of_ledger(&self, app_id: AppId, user: AccountId) -> Result<(), PortError> {
        let started = self.runtime.now();
        let is_missing = self.grants.borrow().is_missing((app_id, user));
        let record = self.read_of_ledger(user, LedgerCall::ReadGrantRecord { app_id, is_missing }).await?;
        self.grants.borrow_mut().remember((app_id, user), Some(record), started);
        Ok(())
    }

    /// Reads a record where it is written.
    async fn read_of_ledger<T: DeserializeOwned>(&self, account: AccountId, call: LedgerCall) -> Result<T, PortError> {
        let read = self.ask_ledger(account, Caller::Internal, call).await;
        read.map_err(|refusal| PortError(format!("ledger/{account}: {refusal:?}")))
    }

    /// Runs `body` on the newest record of an App that this isolate met;
    /// `None` where there is none.
    pub(crate) fn on_app<T>(&self, app_id: AppId, body: impl FnOnce(&LiveApp) -> T) -> Option<T> {
        self.apps.borrow().newest(app_id).map(body)
    }

    /// Runs `body` on what this isolate knows of a grant.
    pub(crate) fn on_grant<T>(&self, app_id: AppId, user: AccountId, body: impl FnOnce(Option<&LiveGrant>) -> T) -> T {
        body(self.grants.borrow().newest((app_id, user)))
    }

    /// Notes what an App's own object said: that the App was deleted.
    pub(crate) fn end_app(&self, app_id: AppId) {
        self.apps.borrow_mut().end(app_id, self.runtime.now());
        self.gone.borrow_mut().put(app_id, None);
    }

    /// Who owns an App that this isolate met.
    pub(crate) fn owner_of(&self, app_id: AppId) -> Option<AccountId> {
        self.apps.borrow().owner(app_id)
    }

    pub(crate) fn now(&self) -> UnixSeconds {
        self.runtime.now().seconds()
    }

    /// Tells the Ledgers that keep them which credentials let requests pass today.
    /// What could not be told is told with the next request.
    pub(crate) async fn report_uses(&self) {
        let waiting = self.uses.borrow_mut().take();
        join_all(waiting.into_iter().map(|(owner, uses)| async move {
            let request = LedgerRequest::internal(LedgerCall::RecordUses(uses.clone()));
            let told: Result<Outcome<Done>, PortError> = ask(&self.runtime, &ObjectName::Ledger(owner), &request).await;
            if let Err(error) = told {
                log_error(&self.runtime, Event::ReportFailed, "", &format!("report_uses: {error}"));
                self.uses.borrow_mut().forget(&uses);
            }
        }))
        .await;
    }
}

/// Nobody could find out whether the credential is good. Clients throw a credential away at a 401, so this is a 503.
fn asked_too_often(app_id: AppId) -> PortError {
    PortError(format!("the writer of app/{app_id} was asked too often within a second"))
}

fn is_known<L>(known: &Known<'_, L>) -> bool {
    !matches!(known, Known::Unknown)
}
