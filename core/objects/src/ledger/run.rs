//! How a message is answered, and what the alarm does.

use super::{Acting, Claim, Committed, Ledger};
use crate::storage::{self, Stored};
use gatehouse_domain::account::UniqueName;
use gatehouse_domain::message::name_registry::{COMMIT_WITHIN, Owner};
use gatehouse_domain::message::outcome::Outcome;
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::{Clock, Event, ObjectPorts, PortError, SqlError, in_transaction, log_error};
use gatehouse_shared::model::UnixMillis;

/// An object that keeps a ledger: what is its own of the way a message takes.
pub(crate) trait Keeper {
    type Ports: ObjectPorts;
    type Request;

    fn ledger(&self) -> &Ledger<Self::Ports>;
    /// Whether the request begins what is kept here.
    fn begins(request: &Self::Request) -> bool;
    /// Whether it is a change that people make, as often as they are let.
    fn is_counted(request: &Self::Request) -> bool;
    /// Whether it gives something a lifetime and publishes nothing.
    fn gives_lifetime(request: &Self::Request) -> bool;
    /// Answers while nothing is kept here.
    fn answer_blank(request: &Self::Request) -> Result<Committed, PortalError>;
    /// Whether the caller may make this call at all.
    fn authorize(&self, request: &Self::Request) -> Result<(), PortalError>;
    /// The names that the request needs and that are not in use here yet.
    fn names_needed(&self, request: &Self::Request) -> Result<Vec<Claim>, PortalError>;
    /// Whether a name is in use here by that owner.
    fn holds(&self, name: &UniqueName, owner: Owner) -> Result<bool, SqlError>;
    /// Who makes the call, and from where.
    fn acting(&self, request: &Self::Request) -> Result<Acting, PortalError>;
    /// Runs the call inside the transaction.
    fn commit(&self, request: &Self::Request) -> Result<Committed, PortalError>;
    /// Forgets what is over.
    fn end_what_is_over(&self) -> Result<(), PortalError>;
    /// When [`Self::end_what_is_over`] is due next.
    fn next_end(&self, now: UnixMillis) -> Result<Option<UnixMillis>, SqlError>;
}

/// Answers one message, read.
pub(crate) async fn answer<K: Keeper>(keeper: &K, request: &K::Request) -> Result<String, PortError> {
    let outcome = match run(keeper, request).await {
        Ok(committed) => Outcome { result: Ok(committed.answer), records: committed.records, grants: committed.grants },
        Err(refusal) => Outcome { result: Err(refusal), records: Vec::new(), grants: Vec::new() },
    };
    serde_json::to_string(&outcome).map_err(|error| PortError(format!("answer: {error}")))
}

async fn run<K: Keeper>(keeper: &K, request: &K::Request) -> Result<Committed, PortalError> {
    let ledger = keeper.ledger();
    if ledger.is_blank() && !K::begins(request) {
        return K::answer_blank(request);
    }
    keeper.authorize(request)?;
    if K::is_counted(request) {
        ledger.admit_write()?;
    }
    let committed = if keeper.names_needed(request)?.is_empty() {
        ledger.change(|| commit(keeper, request))
    } else {
        let _turn = ledger.naming.lock().await;
        commit_with_names(keeper, request).await
    }?;
    if ledger.posted.borrow().is_empty() {
        // What is published sets the alarm anyway.
        if K::gives_lifetime(request) {
            wake_for_ends(keeper)?;
        }
    } else {
        publish_posted(keeper).await;
    }
    Ok(committed)
}

/// Publishes what a change has put into the outbox. What is committed stays acknowledged, and what does not get out now
/// is the alarm's.
async fn publish_posted<K: Keeper>(keeper: &K) {
    let ledger = keeper.ledger();
    let posted = ledger.posted.take();
    let published = ledger.publish(&posted).await;
    let woken = wake_for_the_rest(keeper, false).map_err(|error| PortError(error.to_string()));
    if let Err(error) = published.and(woken) {
        log_error(&ledger.runtime, Event::PublicationFailed, "", &error.0);
    }
}

/// Answers a message about all that the object keeps; a restore is published before its answer.
pub(crate) async fn answer_storage<K: Keeper + Stored>(keeper: &K, message: &str) -> Result<String, PortError> {
    let answer = storage::answer(keeper, message)?;
    if !keeper.ledger().posted.borrow().is_empty() {
        publish_posted(keeper).await;
    }
    Ok(answer)
}

fn commit<K: Keeper>(keeper: &K, request: &K::Request) -> Result<Committed, PortalError> {
    keeper.ledger().act_as(Some(keeper.acting(request)?));
    let committed = keeper.commit(request);
    keeper.ledger().act_as(None);
    committed
}

/// Claims the names that the call needs, then commits it.
async fn commit_with_names<K: Keeper>(keeper: &K, request: &K::Request) -> Result<Committed, PortalError> {
    let ledger = keeper.ledger();
    let started = ledger.runtime.now();
    let names = keeper.names_needed(request)?;
    // Tells a claim from an earlier one of the same name, and whether it came before a change or after it.
    let number = if ledger.is_blank() { 0 } else { ledger.next_version()? };
    let mut claimed = Vec::new();
    let refused = ledger.claim(names, number, &mut claimed).await;
    let committed = match refused {
        Err(refusal) => Err(refusal),
        // Later than this the name registry may have given the name away.
        Ok(()) if ledger.runtime.now() > started.plus_seconds(COMMIT_WITHIN) => {
            Err(PortalError::Unavailable("the names were claimed too slowly".into()))
        }
        Ok(()) => ledger.change(|| {
            // Other calls may have run while the names were being claimed.
            keeper.authorize(request)?;
            commit(keeper, request)
        }),
    };
    if committed.is_err() {
        let unused = claimed.into_iter().filter(|(name, owner)| matches!(keeper.holds(name, *owner), Ok(false)));
        ledger.withdraw(unused.collect(), number).await;
    }
    committed
}

/// Publishes what is still in the outbox, and forgets what is over.
pub(crate) async fn alarm<K: Keeper>(keeper: &K) -> Result<(), PortError> {
    let ledger = keeper.ledger();
    if ledger.is_blank() {
        return Ok(());
    }
    let port_error = |error: SqlError| PortError(error.to_string());
    ledger.alarm_at.set(None);
    let ended = in_transaction(&ledger.runtime, || keeper.end_what_is_over());
    // All that waits is published below.
    ledger.posted.take();
    let targets = ledger.targets_waiting().map_err(port_error)?;
    let published = ledger.publish(&targets).await;
    if let Err(error) = &published {
        log_error(&ledger.runtime, Event::PublicationFailed, "", &error.0);
    }
    wake_for_the_rest(keeper, published.is_err()).map_err(port_error)?;
    ended.map_err(|refusal| PortError(format!("what is over: {refusal:?}")))
}

/// Sets the alarm for what still waits, or for what ends next.
fn wake_for_the_rest<K: Keeper>(keeper: &K, has_failed: bool) -> Result<(), SqlError> {
    let ledger = keeper.ledger();
    match ledger.next_delivery(has_failed)? {
        Some(at) => ledger.wake_at(Some(at)),
        None => ledger.wake_at(keeper.next_end(ledger.runtime.now())?),
    }
}

/// Sees to it that the alarm comes for what just got a lifetime.
fn wake_for_ends<K: Keeper>(keeper: &K) -> Result<(), SqlError> {
    let ledger = keeper.ledger();
    let next = keeper.next_end(ledger.runtime.now())?;
    if next.is_some_and(|next| ledger.alarm_at.get().is_none_or(|set| next < set)) {
        wake_for_the_rest(keeper, false)?;
    }
    Ok(())
}
