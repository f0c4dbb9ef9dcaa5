//! One deployment: its settings, its memory and its ports, held together.

use crate::app::{AppRecord, LiveApp};
use crate::gate::{AppMemory, Known, UseLog};
use crate::ledger::{LedgerCall, LedgerRequest, Outcome, app_key};
use crate::ports::{EdgePorts, ObjectName, PortError, ask, log_error, random};
use crate::settings::Settings;
use gatehouse_shared::api::Done;
use gatehouse_shared::credential::encode_u64;
use gatehouse_shared::model::{AccountId, AppId, UnixSeconds};
use std::cell::{Cell, RefCell};
use std::collections::HashSet;

/// What requests are answered with. One per isolate.
pub struct Deployment<R> {
    pub runtime: R,
    pub settings: Settings,
    pub(crate) memory: RefCell<AppMemory>,
    pub(crate) uses: RefCell<UseLog>,
    /// What the operator was told already.
    pub(crate) told: RefCell<HashSet<String>>,
    /// Where this isolate's request ids start; drawn when the first is needed,
    /// since an isolate may not draw randomness while it starts.
    ids_from: Cell<Option<u64>>,
    ids_given: Cell<u64>,
}

impl<R: EdgePorts> Deployment<R> {
    pub fn new(runtime: R, settings: Settings) -> Self {
        Self {
            runtime,
            settings,
            memory: RefCell::default(),
            uses: RefCell::default(),
            told: RefCell::default(),
            ids_from: Cell::new(None),
            ids_given: Cell::new(0),
        }
    }

    /// A name for a request, for its answer and the log: 11 base62 digits for
    /// the isolate, and a count.
    pub fn request_id(&self) -> String {
        let from = self.ids_from.get().unwrap_or_else(|| {
            let from = u64::from_be_bytes(random(&self.runtime));
            self.ids_from.set(Some(from));
            from
        });
        let count = self.ids_given.get();
        self.ids_given.set(count.wrapping_add(1));
        format!("{}{}", encode_u64(from, 11), encode_u64(count, 5))
    }

    /// Reads an App's record from KV into the memory.
    pub async fn refresh(&self, app_id: AppId) -> Result<(), PortError> {
        let started = self.runtime.now();
        let record = match self.runtime.get(&app_key(app_id)).await? {
            None => None,
            Some(text) => Some(serde_json::from_str(&text).map_err(|error| PortError(format!("app record: {error}")))?),
        };
        self.memory.borrow_mut().remember(app_id, record, started);
        Ok(())
    }

    /// Keeps records that a Ledger just published, so that this isolate acts
    /// on a change at once.
    pub fn remember(&self, records: Vec<(AppId, AppRecord)>) {
        let now = self.runtime.now();
        for (app_id, record) in records {
            self.memory.borrow_mut().remember(app_id, Some(record), now);
        }
    }

    /// Sees to it that what memory knows of an App is fresh enough to decide on.
    pub(crate) async fn freshen(&self, app_id: AppId) -> Result<(), PortError> {
        let is_known = {
            let memory = self.memory.borrow();
            !matches!(memory.find(app_id, self.runtime.now(), self.settings.memory_seconds), Known::Unknown)
        };
        if is_known { Ok(()) } else { self.refresh(app_id).await }
    }

    /// Runs `body` on the newest record of an App that this isolate met;
    /// `None` where there is none.
    pub(crate) fn on_app<T>(&self, app_id: AppId, body: impl FnOnce(&LiveApp) -> T) -> Option<T> {
        self.memory.borrow().newest(app_id).map(body)
    }

    /// Who owns an App that this isolate met.
    pub(crate) fn owner_of(&self, app_id: AppId) -> Option<AccountId> {
        self.memory.borrow().owner(app_id)
    }

    pub(crate) fn now(&self) -> UnixSeconds {
        self.runtime.now().seconds()
    }

    /// Whether [`Self::report_uses`] has something to do.
    pub fn has_uses_to_report(&self) -> bool {
        self.uses.borrow().is_waiting()
    }

    /// Tells the owners' Ledgers which credentials let requests pass today.
    /// What could not be told is told with the next request.
    pub async fn report_uses(&self) {
        let waiting = self.uses.borrow_mut().take();
        for (owner, uses) in waiting {
            let request = LedgerRequest::internal(LedgerCall::RecordUses(uses.clone()));
            let told: Result<Outcome<Done>, PortError> = ask(&self.runtime, &ObjectName::Ledger(owner), &request).await;
            if let Err(error) = told {
                log_error(&self.runtime, "report_uses", "", &error.0);
                self.uses.borrow_mut().forget(&uses);
            }
        }
    }
}
