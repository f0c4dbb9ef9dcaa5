//! Unique names: one name registry object per name decides who has it. That of a
//! look decides about all the names that look so: of two that do, both are
//! taken only where both are ASCII.
//!
//! A name is taken in two steps. A claim reserves it for ten minutes; the
//! owner's object commits the change that uses it and confirms the claim
//! through its outbox. A claim that ran out goes to the next who asks, unless
//! the owner's object says that it holds the name: its confirmation is on the
//! way. An owner commits only within [`COMMIT_WITHIN`] of its claim, so that
//! the answer "I do not hold it" is final. An object whose name nobody has
//! deletes itself.

mod entry;

pub use entry::{Entry, Step, decide};

use gatehouse_domain::message::name_registry::{Answer, NameRegistryCall, Owner, RESERVED_FOR};

use gatehouse_domain::account::UniqueName;
use gatehouse_domain::format::decode;
use gatehouse_domain::message::account::{AccountCall, AccountRequest};
use gatehouse_domain::message::developer_account::{DeveloperAccountCall, DeveloperAccountRequest};
use gatehouse_domain::message::outcome::Outcome;
use gatehouse_domain::ports::{
    Clock, ObjectName, Objects, PortError, Sql, SqlError, Steps, Value, apply_steps, ask, has_table, in_transaction,
    migrate,
};

const STEPS: &Steps = &[&["CREATE TABLE entry(name TEXT PRIMARY KEY, doc TEXT NOT NULL) WITHOUT ROWID"]];

/// The object behind one unique name, or one look of names.
pub struct NameRegistry<R> {
    runtime: R,
}

impl<R: Sql + Clock + Objects> NameRegistry<R> {
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
        let call: NameRegistryCall = decode("name registry", message).map_err(PortError)?;
        let answer = self.answer(&call).await?;
        serde_json::to_string(&answer).map_err(|error| PortError(format!("name registry: {error}")))
    }

    async fn answer(&self, call: &NameRegistryCall) -> Result<Answer, PortError> {
        // Each round either answers or rules out one stale owner.
        let mut gone: Vec<(UniqueName, Owner)> = Vec::new();
        loop {
            let (step, is_free) = in_transaction(&self.runtime, || {
                let entries = self.read()?;
                let step = decide(&call.name, &entries, &call.action, &gone, self.runtime.now());
                let mut is_free = false;
                if let Step::Answer(_, next) = &step
                    && *next != entries
                {
                    self.write(&entries, next)?;
                    is_free = next.is_empty();
                }
                Ok((step, is_free))
            })
            .map_err(port_error)?;
            if is_free {
                self.end()?;
            }
            match step {
                Step::Answer(answer, _) => return Ok(answer),
                Step::AskOwner(name, owner) => {
                    if self.is_held(&name, &owner).await? {
                        return Ok(Answer::Taken);
                    }
                    gone.push((name, owner));
                }
            }
        }
    }

    /// Frees the names whose claims ran out and that their owners do not use,
    /// and ends what is left where all are free.
    pub async fn alarm(&self) -> Result<(), PortError> {
        let now = self.runtime.now();
        for entry in self.read().map_err(port_error)?.into_iter().filter(|entry| entry.has_run_out(now)) {
            // One that does not answer is asked again, and so is one that holds the name: its confirmation is on the way.
            if matches!(self.is_held(&entry.name, &entry.owner).await, Ok(false)) {
                in_transaction(&self.runtime, || {
                    let entries = self.read()?;
                    // Somebody may have come by while the owner was asked: then the entry is another.
                    let left: Vec<Entry> = entries.iter().filter(|left| **left != entry).cloned().collect();
                    self.write(&entries, &left)
                })
                .map_err(port_error)?;
            }
        }
        let left = self.read().map_err(port_error)?;
        if left.is_empty() { self.end() } else { self.set_alarm(&left).map_err(port_error) }
    }

    /// Sets the alarm for the first claim that runs out; for one that has, to
    /// when its owner is asked again.
    fn set_alarm(&self, entries: &[Entry]) -> Result<(), SqlError> {
        let now = self.runtime.now();
        let again = now.plus_seconds(RESERVED_FOR);
        let ends = entries.iter().filter(|entry| !entry.confirmed).filter_map(|entry| entry.reserved_until);
        self.runtime.set_alarm(ends.map(|until| if until > now { until } else { again }).min())
    }

    fn end(&self) -> Result<(), PortError> {
        self.runtime.delete_all().map_err(port_error)
    }

    async fn is_held(&self, name: &UniqueName, owner: &Owner) -> Result<bool, PortError> {
        let name = name.clone();
        let outcome: Outcome<bool> = match *owner {
            Owner::Account(account) => {
                let request = AccountRequest::internal(account, AccountCall::HoldsName(name));
                ask(&self.runtime, &ObjectName::Account(account), &request).await?
            }
            Owner::App { developer, app } => {
                let call = DeveloperAccountCall::HoldsName { name, app_id: app };
                let request = DeveloperAccountRequest::internal(developer, call);
                ask(&self.runtime, &ObjectName::DeveloperAccount(developer), &request).await?
            }
        };
        outcome.result.map_err(|refusal| PortError(format!("{refusal:?}")))
    }

    fn read(&self) -> Result<Vec<Entry>, SqlError> {
        if !has_table(&self.runtime, "entry")? {
            return Ok(Vec::new());
        }
        let rows = self.runtime.exec("SELECT doc FROM entry ORDER BY name", &[])?;
        rows.iter().map(|row| decode("entry", row.text(0)?).map_err(SqlError)).collect()
    }

    fn write(&self, before: &[Entry], after: &[Entry]) -> Result<(), SqlError> {
        for entry in before.iter().filter(|entry| !after.iter().any(|left| left.name == entry.name)) {
            self.runtime.exec("DELETE FROM entry WHERE name = ?", &[entry.name.as_str().into()])?;
        }
        if after.is_empty() {
            // What follows may not come to pass: then the alarm ends the object.
            return self.runtime.set_alarm(Some(self.runtime.now().plus_seconds(RESERVED_FOR)));
        }
        apply_steps(&self.runtime, STEPS)?;
        for entry in after.iter().filter(|entry| !before.contains(entry)) {
            let doc = serde_json::to_string(entry).map_err(|error| SqlError(format!("entry: {error}")))?;
            let params = [entry.name.as_str().into(), Value::Text(doc)];
            self.runtime.exec("INSERT OR REPLACE INTO entry(name, doc) VALUES (?, ?)", &params)?;
        }
        self.set_alarm(after)
    }
}

fn port_error(error: SqlError) -> PortError {
    PortError(format!("name registry: {error}"))
}
