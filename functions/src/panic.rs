//! Places that fail on purpose, in the build that tests the net under them.

use gatehouse_domain::ports::{ObjectName, Objects};
use gatehouse_shared::model::AccountId;
use std::time::Duration;

/// `/2/deliberate-panic` panics inside the gate.
#[allow(clippy::panic)]
pub fn gate(url: &str) {
    if url.ends_with("/2/deliberate-panic") {
        panic!("deliberate, in the gate");
    }
}

/// Whether the gate is to act as in an instance that nobody started, which it
/// does for `…/2/deliberate-loss`.
pub fn is_lost(url: &str) -> bool {
    url.ends_with("/2/deliberate-loss")
}

/// The message `panic` panics inside a Durable Object.
#[allow(clippy::panic)]
pub fn object(message: &str) {
    if message == "panic" {
        panic!("deliberate, in a Durable Object");
    }
}

/// `/api/deliberate-panic` panics, `…-object` makes an object panic, and
/// `…-neighbour` waits for a second. `None` for every other path.
#[allow(clippy::panic)]
pub async fn portal(path: &str) -> Option<String> {
    match path {
        "/api/deliberate-panic" => panic!("deliberate, in the portal"),
        "/api/deliberate-panic-object" => {
            let runtime = crate::isolate().ok()?.runtime.clone();
            let account = ObjectName::Account(AccountId::from_random([0; 8]));
            Some(runtime.call(&account, "panic".to_owned()).await.err()?.to_string())
        }
        "/api/deliberate-panic-neighbour" => {
            worker::Delay::from(Duration::from_secs(1)).await;
            Some("unharmed".to_owned())
        }
        _ => None,
    }
}
