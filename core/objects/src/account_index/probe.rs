//! A row by which `/readyz` finds out whether objects write and read.

use super::AccountIndex;
use gatehouse_domain::ports::{Sql, SqlError};

impl<R: Sql> AccountIndex<R> {
    /// Counts one more write of the row, and gives how many there were.
    pub(super) fn write_probe(&self) -> Result<u64, SqlError> {
        let rows = self.runtime.exec(
            "INSERT INTO probe(id, writes) VALUES (1, 1) ON CONFLICT DO UPDATE SET writes = writes + 1 \
             RETURNING writes",
            &[],
        )?;
        rows.first().map_or(Ok(0), |row| row.number(0))
    }

    /// How often the row was written.
    pub(super) fn read_probe(&self) -> Result<u64, SqlError> {
        let rows = self.runtime.exec("SELECT writes FROM probe", &[])?;
        rows.first().map_or(Ok(0), |row| row.number(0))
    }
}
