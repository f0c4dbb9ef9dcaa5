//! The ports that requests see.

use super::{Port, World};
use gatehouse_domain::metrics::Metrics;
use gatehouse_domain::ports::{
    Clock, Entropy, KV_READ_MILLIS, Kv, Log, Meter, ObjectName, Objects, PortError, REQUEST_OBJECT_MILLIS, RateLimit,
    RateLimiter, Timer,
};
use gatehouse_shared::model::UnixMillis;
use std::rc::Rc;

/// What the portal's handlers and the gate see of the world.
#[derive(Clone)]
pub struct MemoryRuntime(pub Rc<World>);

impl Meter for MemoryRuntime {
    fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }
}

impl Clock for MemoryRuntime {
    fn now(&self) -> UnixMillis {
        self.0.now()
    }
}

impl Timer for MemoryRuntime {
    /// Lets the others go on. Time is the test's to move.
    async fn sleep(&self, _: u64) {
        self.0.pause().await;
    }
}

impl Entropy for MemoryRuntime {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.entropy.fill(bytes);
    }
}

impl Kv for MemoryRuntime {
    async fn get(&self, key: &str) -> Result<Option<String>, PortError> {
        self.0.pause().await;
        self.0.kv_reads.set(self.0.kv_reads.get() + 1);
        let read = if self.0.hangs(Port::KvRead) {
            Err(self.0.hang(format_args!("kv get {key}"), KV_READ_MILLIS).await)
        } else {
            self.0.read_kv(key)
        };
        self.0.metrics.count_kv_read(&read);
        read
    }

    async fn put(&self, key: &str, value: &str, lifetime_seconds: Option<u64>) -> Result<(), PortError> {
        self.0.pause().await;
        let written = self.0.put_kv(key, value, lifetime_seconds);
        self.0.metrics.count_kv_write(&written);
        written
    }
}

impl Objects for MemoryRuntime {
    async fn call(&self, object: &ObjectName, message: String) -> Result<String, PortError> {
        self.0.pause().await;
        let answer = if self.0.hangs(Port::Object) {
            Err(self.0.hang(object, REQUEST_OBJECT_MILLIS).await)
        } else {
            let answer = World::deliver(&self.0, object, &message).await;
            self.0.pause().await;
            answer
        };
        self.0.metrics.count_object_call(object.class(), &answer);
        answer
    }
}

impl Log for MemoryRuntime {
    fn error(&self, line: &str) {
        self.0.log.borrow_mut().push(line.to_owned());
    }
}

impl RateLimiter for MemoryRuntime {
    async fn admit(&self, limit: RateLimit, key: &str) -> bool {
        let mut tries = self.0.tries.borrow_mut();
        let tried = tries.entry(format!("{limit:?} {key}")).or_default();
        *tried += 1;
        *tried <= self.0.admitted.get()
    }
}
