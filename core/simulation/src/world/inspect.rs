//! Looks into the databases of objects, and changes them, past the objects themselves.

use super::World;
use gatehouse_domain::ports::{ObjectName, PortError};

impl World {
    /// Every text in every object's database, for a test that looks for secrets.
    pub fn dump_databases(&self) -> Vec<String> {
        let mut all = Vec::new();
        for database in self.databases.borrow().values() {
            let tables: Vec<String> = query(database, "SELECT name FROM sqlite_master WHERE type = 'table'");
            for table in tables {
                let columns: Vec<String> = query(database, &format!("SELECT name FROM pragma_table_info('{table}')"));
                for column in columns {
                    all.extend(query(database, &format!("SELECT CAST({column} AS TEXT) FROM {table}")));
                }
            }
        }
        all
    }

    /// How many tables there are in all, the alarm's not counted.
    pub fn tables(&self) -> usize {
        let count = "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> '_alarm'";
        self.databases.borrow().values().map(|database| query(database, count).len()).sum()
    }

    /// What one object's database answers, first column as text.
    pub fn query(&self, name: &ObjectName, statement: &str) -> Vec<String> {
        self.databases.borrow().get(name).map(|database| query(database, statement)).unwrap_or_default()
    }

    /// Runs statements on one object's database, a new one where there is none,
    /// and has the object start again from it.
    pub fn restore(&self, name: &ObjectName, script: &str) -> Result<(), PortError> {
        self.database(name)?.execute_batch(script).map_err(|error| PortError(error.to_string()))?;
        self.forget(name);
        Ok(())
    }

    /// The objects that have a database.
    pub fn objects(&self) -> Vec<ObjectName> {
        self.databases.borrow().keys().cloned().collect()
    }
}

fn query(database: &rusqlite::Connection, statement: &str) -> Vec<String> {
    let Ok(mut prepared) = database.prepare(statement) else { return Vec::new() };
    let Ok(rows) = prepared.query_map([], |row| row.get::<_, Option<String>>(0)) else { return Vec::new() };
    rows.filter_map(|row| row.ok().flatten()).collect()
}
