//! Unique names: one Directory object per name decides who has it.
//!
//! A name is taken in two steps. A claim reserves it for ten minutes; the
//! owner's Ledger commits the change that uses it and confirms the claim
//! through its outbox. A claim that ran out goes to the next who asks, unless
//! the owner's Ledger says that it holds the name: its confirmation is on the
//! way. A Ledger commits only within [`COMMIT_WITHIN`] of its claim, so that
//! the answer "I do not hold it" is final. An object whose name nobody has
//! deletes itself.

mod entry;
mod find;

pub use entry::{Answer, Entry, Owner, Step, apply};

use crate::account::UniqueName;
use crate::format::decode;
use crate::ledger::{HoldsName, LedgerCall, LedgerRequest, Outcome};
use crate::ports::{
    Clock, ObjectName, Objects, PortError, Sql, SqlError, Steps, Value, apply_steps, ask, has_table, in_transaction,
    migrate,
};
use serde::{Deserialize, Serialize};

/// How long a claim reserves a name, in seconds.
pub const RESERVED_FOR: u64 = 600;
/// How long after its claim a Ledger may commit the name's use, in seconds.
pub const COMMIT_WITHIN: u64 = 300;

const STEPS: &Steps = &[&["CREATE TABLE entry(id INTEGER PRIMARY KEY CHECK (id = 1), doc TEXT NOT NULL)"]];

/// A message to a Directory object.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DirectoryCall {
    pub name: UniqueName,
    pub action: Action,
}

/// What is asked about a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// Reserves the name; again by the same owner renews the reservation.
    /// `claim` is drawn from the numbers of the Ledger's changes.
    Claim {
        owner: Owner,
        claim: u64,
    },
    /// The owner's Ledger uses the name. `version` orders it among the Ledger's changes.
    Confirm {
        owner: Owner,
        version: u64,
    },
    /// The owner's Ledger no longer uses the name.
    Release {
        owner: Owner,
        version: u64,
    },
    /// The claim is not going to be used.
    Withdraw {
        owner: Owner,
        claim: u64,
    },
    Find,
}

/// The object behind one unique name.
pub struct Directory<R> {
    runtime: R,
}

impl<R: Sql + Clock + Objects> Directory<R> {
    /// Opens the object. Its table comes with its first entry: looking a name
    /// up leaves nothing behind.
    pub fn new(runtime: R) -> Result<Self, SqlError> {
        if has_table(&runtime, "migration")? || has_table(&runtime, "entry")? {
            migrate(&runtime, STEPS)?;
        }
        Ok(Self { runtime })
    }

    /// Answers one message.
    pub async fn call(&self, message: &str) -> Result<String, PortError> {
        let call: DirectoryCall = decode("directory", message).map_err(PortError)?;
        let answer = self.answer(&call).await?;
        serde_json::to_string(&answer).map_err(|error| PortError(format!("directory: {error}")))
    }

    async fn answer(&self, call: &DirectoryCall) -> Result<Answer, PortError> {
        // Each round either answers or rules out one stale owner.
        let mut gone: Option<Owner> = None;
        loop {
            let (step, is_free) = in_transaction(&self.runtime, || {
                let entry = self.read()?;
                let step = apply(&call.name, entry.as_ref(), &call.action, gone.as_ref(), self.runtime.now());
                let mut is_free = false;
                if let Step::Answer(_, next) = &step
                    && *next != entry
                {
                    self.write(next.as_ref())?;
                    is_free = next.is_none();
                }
                Ok((step, is_free))
            })
            .map_err(told)?;
            if is_free {
                self.end()?;
            }
            match step {
                Step::Answer(answer, _) => return Ok(answer),
                Step::AskOwner(owner) => {
                    if self.is_held(&call.name, &owner).await? {
                        return Ok(Answer::Taken);
                    }
                    gone = Some(owner);
                }
            }
        }
    }

    /// Frees a name whose claim ran out and that its owner does not use, and
    /// ends what is left of a name that is free.
    pub async fn alarm(&self) -> Result<(), PortError> {
        let Some(entry) = self.read().map_err(told)? else { return self.end() };
        let now = self.runtime.now();
        let Some(until) = entry.reserved_until.filter(|_| !entry.confirmed) else { return Ok(()) };
        if until > now {
            return self.runtime.set_alarm(Some(until)).map_err(told);
        }
        // One that does not answer is asked again, and so is one that holds the name: its confirmation is on the way.
        if !matches!(self.is_held(&entry.name, &entry.owner).await, Ok(false)) {
            return self.runtime.set_alarm(Some(now.plus_seconds(RESERVED_FOR))).map_err(told);
        }
        let is_free = in_transaction(&self.runtime, || {
            // Somebody may have come by while the owner was asked.
            let is_same = self.read()?.as_ref() == Some(&entry);
            if is_same {
                self.write(None)?;
            }
            Ok(is_same)
        });
        if is_free.map_err(told)? { self.end() } else { Ok(()) }
    }

    fn end(&self) -> Result<(), PortError> {
        self.runtime.delete_all().map_err(told)
    }

    async fn is_held(&self, name: &UniqueName, owner: &Owner) -> Result<bool, PortError> {
        let call = LedgerCall::HoldsName(HoldsName { name: name.clone(), owner: owner.clone() });
        let outcome: Outcome<bool> =
            ask(&self.runtime, &ObjectName::Ledger(owner.account), &LedgerRequest::internal(call)).await?;
        outcome.result.map_err(|refusal| PortError(format!("{refusal:?}")))
    }

    fn read(&self) -> Result<Option<Entry>, SqlError> {
        if !has_table(&self.runtime, "entry")? {
            return Ok(None);
        }
        let rows = self.runtime.exec("SELECT doc FROM entry", &[])?;
        rows.first().map(|row| decode("entry", row.text(0)?).map_err(SqlError)).transpose()
    }

    fn write(&self, entry: Option<&Entry>) -> Result<(), SqlError> {
        let Some(entry) = entry else {
            self.runtime.exec("DELETE FROM entry", &[])?;
            // What follows may not come to pass: then the alarm ends the object.
            return self.runtime.set_alarm(Some(self.runtime.now().plus_seconds(RESERVED_FOR)));
        };
        apply_steps(&self.runtime, STEPS)?;
        let doc = serde_json::to_string(entry).map_err(|error| SqlError(format!("entry: {error}")))?;
        self.runtime.exec("INSERT OR REPLACE INTO entry(id, doc) VALUES (1, ?)", &[Value::Text(doc)])?;
        self.runtime.set_alarm(entry.reserved_until.filter(|_| !entry.confirmed))
    }
}

fn told(error: SqlError) -> PortError {
    PortError(format!("directory: {error}"))
}
