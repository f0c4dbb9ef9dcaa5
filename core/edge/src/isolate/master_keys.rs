//! Whether the master keys are those that the storage was used with: an isolate
//! asks the account index once.
//!
//! A credential whose keyed tag is good proves its key by itself. What is asked
//! for is the opposite: one whose tag is not good is a forgery only if the key
//! is the right one, and nothing new may rest on a wrong key.

use crate::isolate::Isolate;
use gatehouse_domain::message::account_index::{AccountIndexCall, KeysSeen};
use gatehouse_domain::ports::{EdgePorts, Event, ObjectName, PortError, ask, log_error};
use gatehouse_shared::model::UnixMillis;
use std::cell::{Cell, RefCell};

/// For how long an isolate asks no more after the account index did not answer, in seconds.
const ASK_AGAIN_SECONDS: u64 = 5;

/// Why nothing may rest on the master keys.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeysError {
    #[error(
        "MASTER_KEYS has another key under the id {0} than the one that this deployment's credentials were made with: \
         put that one back, or give the new one an id of its own (see docs/operating.md)"
    )]
    Wrong(char),
    #[error("whether MASTER_KEYS are the right ones is not known: {0}")]
    Unknown(PortError),
}

/// What an isolate knows of its master keys.
#[derive(Default)]
pub(crate) struct KeyCheck {
    seen: RefCell<Option<KeysSeen>>,
    /// The account index did not answer, and is not asked again before then.
    failed: RefCell<Option<PortError>>,
    ask_at: Cell<UnixMillis>,
}

impl<R: EdgePorts> Isolate<R> {
    /// Finds out whether the master keys are the right ones; asks the account index
    /// where that is not known yet.
    pub(crate) async fn check_master_keys(&self) -> Result<(), KeysError> {
        if let Some(known) = self.master_keys_known() {
            return known;
        }
        let now = self.runtime.now();
        if let Some(error) = &*self.key_check.failed.borrow()
            && now < self.key_check.ask_at.get()
        {
            return Err(KeysError::Unknown(error.clone()));
        }
        let call = AccountIndexCall::CheckMasterKeys { fingerprints: self.settings.keyring.fingerprints() };
        let answer: Result<KeysSeen, PortError> = ask(&self.runtime, &ObjectName::AccountIndex, &call).await;
        match answer {
            Ok(seen) => {
                self.key_check.seen.replace(Some(seen));
                let known = self.master_keys_known().unwrap_or(Ok(()));
                if let Err(error) = &known
                    && self.logged_cases.borrow_mut().insert("wrong master key".to_owned())
                {
                    log_error(&self.runtime, Event::MasterKeyWrong, "", &error.to_string());
                }
                known
            }
            Err(error) => {
                self.key_check.ask_at.set(self.runtime.now().plus_seconds(ASK_AGAIN_SECONDS));
                self.key_check.failed.replace(Some(error.clone()));
                Err(KeysError::Unknown(error))
            }
        }
    }

    /// The same, where it is known already.
    pub(crate) fn master_keys_known(&self) -> Option<Result<(), KeysError>> {
        let seen = self.key_check.seen.borrow();
        let wrong = seen.as_ref()?.wrong.first();
        Some(wrong.map_or(Ok(()), |id| Err(KeysError::Wrong(*id))))
    }

    /// Whether the account index is to be asked.
    pub(crate) fn master_keys_unknown(&self, now: UnixMillis) -> bool {
        self.key_check.seen.borrow().is_none() && now >= self.key_check.ask_at.get()
    }

    /// Whether credentials here were ever made with a key of that id.
    pub(crate) fn was_master_key(&self, id: char) -> bool {
        self.key_check.seen.borrow().as_ref().is_some_and(|seen| seen.known.contains(&id))
    }
}
