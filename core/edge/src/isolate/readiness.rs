//! Whether the deployment can serve: storage takes a write and gives it back.

use crate::isolate::Isolate;
use crate::isolate::master_keys::KeysError;
use crate::state::{Probe, ProbeStep};
use futures_util::future::join3;
use gatehouse_domain::message::account_index::AccountIndexCall;
use gatehouse_domain::ports::{
    EdgePorts, KV_READ_MILLIS, KV_WRITE_MILLIS, ObjectName, PortError, REQUEST_OBJECT_MILLIS, ask, log_failure,
};
use serde::Serialize;

/// The KV key that is written and read.
const KEY: &str = "ready";
/// For how long it stays, in seconds: each test finds what the one before wrote.
const KEY_SECONDS: u64 = 24 * 3600;
/// How often KV is written at the most, in milliseconds: writes are counted, and one key takes one a second.
const KV_KEPT_MILLIS: u64 = 60_000;
const OBJECT_KEPT_MILLIS: u64 = 5_000;
/// How often a request looks whether a test of another one has ended, in milliseconds.
const LOOK_MILLIS: u64 = 50;
/// What another isolate wrote so lately may have kept this one from writing, in milliseconds.
const LATELY_MILLIS: u64 = 2_000;

/// What an isolate knows of its storage.
pub(crate) struct Readiness {
    object: Probe,
    kv: Probe,
}

impl Default for Readiness {
    fn default() -> Self {
        Self {
            object: Probe::new(OBJECT_KEPT_MILLIS, 2 * REQUEST_OBJECT_MILLIS),
            kv: Probe::new(KV_KEPT_MILLIS, KV_WRITE_MILLIS + KV_READ_MILLIS),
        }
    }
}

/// One thing that must be well for the deployment to serve.
#[derive(Debug, Serialize)]
pub(crate) struct Check {
    pub name: &'static str,
    pub status: &'static str,
    /// What is wrong. Anybody can read it: no secret, and no text of an error.
    pub detail: String,
}

impl Check {
    fn of(name: &'static str, failure: Option<String>) -> Self {
        let status = if failure.is_none() { "ok" } else { "failed" };
        Self { name, status, detail: failure.unwrap_or_default() }
    }

    pub fn has_passed(&self) -> bool {
        self.status == "ok"
    }
}

impl<R: EdgePorts> Isolate<R> {
    /// Tests what requests need.
    pub(crate) async fn check_readiness(&self) -> Vec<Check> {
        let object = self.probe(&self.readiness.object, self.test_object());
        let kv = self.probe(&self.readiness.kv, self.test_kv());
        let (keys, object, kv) = join3(self.check_master_keys(), object, kv).await;
        let failed = |passed: bool, detail: &str| (!passed).then(|| detail.to_owned());
        let keys = match keys {
            Ok(()) => None,
            Err(KeysError::Unknown(_)) => Some("The account index did not say whether MASTER_KEYS fit.".to_owned()),
            Err(error @ KeysError::Wrong(_)) => Some(error.to_string()),
        };
        vec![
            // With others no request comes as far as this.
            Check::of("settings", None),
            Check::of("master-keys", keys),
            Check::of("object", failed(object, "The account index did not write a row and read it back.")),
            Check::of("kv", failed(kv, "KV did not take a value and give it back.")),
        ]
    }

    /// Whether a part is well, by a test or by what one found lately.
    async fn probe(&self, probe: &Probe, test: impl Future<Output = Result<(), PortError>>) -> bool {
        loop {
            match probe.next(self.runtime.now()) {
                ProbeStep::Known(has_passed) => return has_passed,
                ProbeStep::Wait => self.runtime.sleep(LOOK_MILLIS).await,
                ProbeStep::Test => break,
            }
        }
        let tested = test.await;
        probe.end(tested.is_ok(), self.runtime.now());
        if let Err(error) = &tested {
            log_failure(&self.runtime, "check_readiness", "", error);
        }
        tested.is_ok()
    }

    async fn test_object(&self) -> Result<(), PortError> {
        let index = ObjectName::AccountIndex;
        let written: u64 = ask(&self.runtime, &index, &AccountIndexCall::WriteProbe).await?;
        let read: u64 = ask(&self.runtime, &index, &AccountIndexCall::ReadProbe).await?;
        // Another isolate may have written since.
        if read < written {
            return Err(PortError(format!("{index}: {written} was written and {read} read")));
        }
        Ok(())
    }

    async fn test_kv(&self) -> Result<(), PortError> {
        let now = self.runtime.now();
        let written = self.runtime.put(KEY, &now.0.to_string(), Some(KEY_SECONDS)).await;
        let read = self.runtime.get(KEY).await?;
        // KV may still give an older value; that it gives one is enough.
        let Some(at) = read.and_then(|text| text.parse::<u64>().ok()) else {
            return written.and(Err(PortError(format!("kv get {KEY}: what was written is not there"))));
        };
        // A key takes one write a second, and another isolate may have been first.
        if now.0.abs_diff(at) < LATELY_MILLIS { Ok(()) } else { written }
    }
}
