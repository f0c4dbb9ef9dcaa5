//! Copies all that an object keeps, and fills one that keeps nothing from a copy.
//!
//! What ends soon or is used once is not copied: a session, an invitation, a
//! nonce or a request token that was used up after the copy must not come back.

mod copy;
mod restore;

pub(crate) use restore::is_restoring;

use gatehouse_domain::format::decode;
use gatehouse_domain::message::storage::{ObjectStorageCall, StorageMessage};
use gatehouse_domain::ports::{PortError, Sql, SqlError, Steps};
use gatehouse_shared::api::{EndedLater, RestorePage};

/// What there is to know of the tables of one kind of object.
pub(crate) struct Tables {
    pub steps: &'static Steps,
    /// Those that are not copied.
    pub left_out: &'static [&'static str],
    /// Those that may have more rows than one page, whose rows do not depend on each other.
    pub long: &'static [LongTable],
}

pub(crate) struct LongTable {
    pub name: &'static str,
    /// The columns of its primary key.
    pub key: &'static [&'static str],
}

/// An object whose storage can be copied and restored. Used as `dyn`: what copies and restores is in the Worker once.
pub(crate) trait Stored {
    fn sql(&self) -> &dyn Sql;
    fn tables(&self) -> &'static Tables;
    /// Makes room where the object keeps something that belongs behind what is restored; the default leaves such an
    /// object as it is. In the transaction of the first page.
    fn make_room(&self, _page: &RestorePage) -> Result<bool, SqlError> {
        Ok(false)
    }
    /// Ends what does not outlive a restore, and has the rest published. In the transaction of the last page.
    fn complete(&self, _ended: &[EndedLater]) -> Result<(), SqlError> {
        Ok(())
    }
    /// The tables are there now.
    fn opened(&self);
}

/// Answers a [`StorageMessage`].
pub(crate) fn answer(stored: &dyn Stored, message: &str) -> Result<String, PortError> {
    let StorageMessage::Storage(call) = decode("storage", message).map_err(PortError)?;
    let failed = |error: SqlError| PortError(format!("storage: {error}"));
    let answered = match call {
        ObjectStorageCall::Copy { after } => {
            serde_json::to_string(&copy::copy(stored, after.as_ref()).map_err(failed)?)
        }
        ObjectStorageCall::Restore(page) => serde_json::to_string(&restore::restore(stored, &page).map_err(failed)?),
    };
    answered.map_err(|error| PortError(format!("storage: {error}")))
}

/// The tables that are there, but for those that every database has.
fn tables_of(stored: &dyn Stored) -> Result<Vec<String>, SqlError> {
    let rows = stored.sql().exec("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name", &[])?;
    let mut names: Vec<String> = rows.iter().map(|row| Ok(row.text(0)?.to_owned())).collect::<Result<_, SqlError>>()?;
    names.retain(|name| !name.starts_with(['_']) && !name.starts_with("sqlite_"));
    names.retain(|name| {
        name != "migration" && name != restore::MARK && !stored.tables().left_out.contains(&name.as_str())
    });
    Ok(names)
}
