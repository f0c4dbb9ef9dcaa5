//! The storage of an App's traffic as a whole: what it counts is copied, and what lasts for minutes is not.

use super::{AppTraffic, STEPS};
use crate::storage::{LongTable, Stored, Tables};
use gatehouse_domain::ports::{Clock, Objects, Sql, SqlError};
use gatehouse_shared::api::EndedLater;

impl<R: Sql + Clock + Objects> Stored for AppTraffic<R> {
    fn sql(&self) -> &dyn Sql {
        &self.runtime
    }

    fn tables(&self) -> &'static Tables {
        &Tables {
            steps: STEPS,
            left_out: &["nonce", "request_token", "rate_window"],
            long: &[
                LongTable { name: "grantee", key: &["user"] },
                LongTable { name: "usage", key: &["day", "project", "class"] },
            ],
        }
    }

    fn complete(&self, _ended: &[EndedLater]) -> Result<(), SqlError> {
        // Whose it is says so again: the App may have been deleted after its developer account was copied.
        self.runtime.exec("UPDATE app SET deleted_at = NULL", &[])?;
        self.deleted.set(None);
        self.wake_for_the_rest()
    }

    fn opened(&self) {
        self.is_open.set(true);
    }
}
