//! Notes of operators, which nobody else sees.

use super::{Act, Committed, Ledger, write};
use gatehouse_domain::operator::Operator;
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::{ObjectPorts, SqlError};
use gatehouse_shared::api::NoteView;

/// How many notes are kept; the oldest go first.
const MOST_NOTES: u64 = 100;

pub(crate) const NOTE_TABLE: &str = "CREATE TABLE note(seq INTEGER PRIMARY KEY, doc TEXT NOT NULL)";

impl<R: ObjectPorts> Ledger<R> {
    /// Adds a note; answers with it. The audit log tells that there is one, and not what it says.
    pub fn create_note(&self, operator: &Operator, text: &str) -> Result<Committed, PortalError> {
        let note = NoteView { at: self.runtime.now().seconds(), by: operator.username.clone(), text: text.to_owned() };
        self.runtime.exec("INSERT INTO note(doc) VALUES (?)", &[write(&note)?])?;
        self.runtime.exec(
            "DELETE FROM note WHERE seq NOT IN (SELECT seq FROM note ORDER BY seq DESC LIMIT ?)",
            &[MOST_NOTES.into()],
        )?;
        self.audit(&Act::new("create_note", ""))?;
        Committed::answer(&note)
    }

    /// Newest first.
    pub fn notes(&self) -> Result<Vec<NoteView>, SqlError> {
        self.list("SELECT doc FROM note ORDER BY seq DESC", &[])
    }
}
