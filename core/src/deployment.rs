//! One deployment: its settings, its memory and its ports, held together.

use crate::app::AppRecord;
use crate::gate::{self, AppMemory, Head, Known, Step};
use crate::ledger::app_key;
use crate::ports::{EdgePorts, PortError, log_error, random};
use crate::settings::Settings;
use gatehouse_shared::credential::encode_u64;
use gatehouse_shared::model::AppId;
use std::cell::{Cell, RefCell};

/// What requests are answered with. One per isolate.
pub struct Deployment<R> {
    pub runtime: R,
    pub settings: Settings,
    memory: RefCell<AppMemory>,
    /// Where this isolate's request ids start; drawn when the first is needed,
    /// since an isolate may not draw randomness while it starts.
    ids_from: Cell<Option<u64>>,
    ids_given: Cell<u64>,
}

impl<R: EdgePorts> Deployment<R> {
    pub fn new(runtime: R, settings: Settings) -> Self {
        Self { runtime, settings, memory: RefCell::default(), ids_from: Cell::new(None), ids_given: Cell::new(0) }
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

    /// What the gate can say at once.
    pub fn check(&self, head: &Head<'_>) -> Step {
        gate::check(&self.settings, &self.memory.borrow(), head, self.runtime.now(), &|| self.request_id())
    }

    /// What the gate says once the App's record was read, where it is needed.
    /// Never [`Step::Read`].
    pub async fn check_with_storage(&self, head: &Head<'_>) -> Step {
        let app_id = match self.check(head) {
            Step::Read(app_id) => app_id,
            step => return step,
        };
        match self.refresh(app_id).await {
            Ok(()) => gate::check_after_read(&self.settings, &self.memory.borrow(), head, &|| self.request_id()),
            Err(error) => {
                let request_id = self.request_id();
                log_error(&self.runtime, "check_request", &request_id, &error.0);
                gate::storage_failed(&self.settings, head, &request_id)
            }
        }
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

    /// Runs `body` on an App's record, reading it if need be; `None` where
    /// there is no such App.
    pub async fn with_app<T>(
        &self,
        app_id: AppId,
        body: impl FnOnce(&crate::app::LiveApp) -> T,
    ) -> Result<Option<T>, PortError> {
        let known = {
            let memory = self.memory.borrow();
            !matches!(memory.find(app_id, self.runtime.now(), self.settings.memory_seconds), Known::Unknown)
        };
        if !known {
            self.refresh(app_id).await?;
        }
        Ok(self.memory.borrow().newest(app_id).map(body))
    }
}
