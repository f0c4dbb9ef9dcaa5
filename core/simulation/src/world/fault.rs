//! Lets steps fail, objects crash and calls hang.

use super::{World, yield_once};
use gatehouse_domain::ports::{PortError, timed_out};
use gatehouse_shared::model::UnixMillis;

/// What goes wrong, once, at a step to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The object stops there and starts again from its database.
    Crash { after_steps: u32 },
    /// The step fails; the object goes on.
    Fail { after_steps: u32 },
    /// A call of that port gets no answer: its time limit goes by.
    Hang { port: Port, after_calls: u32 },
}

/// What can be waited for in vain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Port {
    KvRead,
    /// The write itself may be lost, or take effect later.
    KvWrite,
    Object,
}

/// How often the others get their turns before the time of a call that hangs is over.
const TURNS_WHILE_HANGING: u32 = 500;
/// How late a write may take effect whose writer has given up, in milliseconds.
const LATEST_WRITE_MILLIS: u64 = 30_000;

impl World {
    /// Lets one fault happen.
    pub fn inject(&self, fault: Fault) {
        self.fault.set(Some(fault));
    }

    /// Takes a fault that did not happen back; tells whether there was one.
    pub fn clear_fault(&self) -> bool {
        self.fault.take().is_some()
    }

    /// Whether an injected fault is still to come.
    pub fn has_fault(&self) -> bool {
        self.fault.get().is_some()
    }

    /// How many writes of KV were given up by their writers, and may have taken effect later.
    pub fn late_writes(&self) -> u32 {
        self.late_writes.get()
    }

    /// Whether this call of a port is the one that hangs.
    pub(super) fn hangs(&self, called: Port) -> bool {
        match self.fault.get() {
            Some(Fault::Hang { port, after_calls }) if port == called => {
                let next = after_calls.checked_sub(1).map(|after_calls| Fault::Hang { port, after_calls });
                self.fault.set(next);
                next.is_none()
            }
            _ => false,
        }
    }

    /// Waits in vain: everybody else has their turns, then the time is over.
    pub(super) async fn hang(&self, what: impl std::fmt::Display, limit_millis: u64) -> PortError {
        let until = UnixMillis(self.now().0 + limit_millis);
        for _ in 0..TURNS_WHILE_HANGING {
            if self.now() >= until {
                break;
            }
            yield_once().await;
        }
        self.now.set(self.now().max(until));
        timed_out(what, limit_millis)
    }

    /// A write of KV that its writer did not see end: it is lost, or takes effect later.
    pub(super) fn put_perhaps(&self, key: &str, value: &str, lifetime_seconds: Option<u64>) {
        self.late_writes.set(self.late_writes.get() + 1);
        if self.chance.below(2) == 0 {
            let at = UnixMillis(self.now().0 + self.chance.below(LATEST_WRITE_MILLIS));
            self.kv.put(key, value, at, lifetime_seconds);
        }
    }

    pub(super) fn strike(&self) -> Result<(), PortError> {
        let (left, crash) = match self.fault.get() {
            None | Some(Fault::Hang { .. }) => return Ok(()),
            Some(Fault::Crash { after_steps }) => (after_steps, true),
            Some(Fault::Fail { after_steps }) => (after_steps, false),
        };
        if left > 0 {
            let after_steps = left - 1;
            self.fault.set(Some(if crash { Fault::Crash { after_steps } } else { Fault::Fail { after_steps } }));
            return Ok(());
        }
        self.fault.set(None);
        Err(PortError(if crash { "crashed" } else { "failed" }.into()))
    }
}
