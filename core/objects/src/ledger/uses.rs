//! On which days credentials were used.

use super::{Committed, Ledger};
use gatehouse_domain::message::credential::CredentialUse;
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::{ObjectPorts, SqlError};
use gatehouse_shared::api::Done;
use gatehouse_shared::credential::Serial;
use gatehouse_shared::model::{AppId, DAY_SECONDS, UnixSeconds};

impl<R: ObjectPorts> Ledger<R> {
    /// Notes uses of credentials that are kept here: `kept` gives the serials of an App's.
    pub fn record_uses(
        &self,
        uses: &[CredentialUse],
        kept: impl Fn(AppId) -> Result<Vec<Serial>, SqlError>,
    ) -> Result<Committed, PortalError> {
        for used in uses {
            if kept(used.app_id)?.contains(&used.serial) {
                self.put_uses(std::slice::from_ref(used))?;
            }
        }
        Committed::answer(&Done {})
    }

    /// Forgets the uses of an App's credentials that are gone; `kept` are those that are not.
    pub fn forget_uses(&self, app_id: AppId, kept: &[Serial]) -> Result<(), SqlError> {
        for (serial, _) in self.days_of_use(app_id)? {
            if !kept.iter().any(|kept| kept.value() == serial) {
                self.runtime.exec(
                    "DELETE FROM credential_use WHERE app_id = ? AND serial = ?",
                    &[app_id.to_string().into(), serial.into()],
                )?;
            }
        }
        Ok(())
    }

    /// The uses of an App's credentials.
    pub fn uses_of(&self, app_id: AppId) -> Result<Vec<CredentialUse>, SqlError> {
        let days = self.days_of_use(app_id)?;
        Ok(days
            .into_iter()
            .map(|(serial, day)| CredentialUse { app_id, serial: Serial::from_value(serial), day })
            .collect())
    }

    /// Keeps uses as they are.
    pub fn put_uses(&self, uses: &[CredentialUse]) -> Result<(), SqlError> {
        for used in uses {
            self.runtime.exec(
                "INSERT INTO credential_use(app_id, serial, day) VALUES (?, ?, ?) \
                 ON CONFLICT DO UPDATE SET day = max(day, excluded.day)",
                &[used.app_id.to_string().into(), used.serial.value().into(), used.day.into()],
            )?;
        }
        Ok(())
    }

    fn days_of_use(&self, app_id: AppId) -> Result<Vec<(u64, u64)>, SqlError> {
        let rows = self
            .runtime
            .exec("SELECT serial, day FROM credential_use WHERE app_id = ?", &[app_id.to_string().into()])?;
        rows.iter().map(|row| Ok((row.number(0)?, row.number(1)?))).collect()
    }

    /// The start of the day on which each credential was last used.
    pub fn last_uses(&self, app_id: AppId) -> Result<impl Fn(Serial) -> Option<UnixSeconds> + use<R>, SqlError> {
        let days = self.days_of_use(app_id)?;
        Ok(move |wanted: Serial| {
            let found = days.iter().find(|(serial, _)| *serial == wanted.value());
            found.map(|(_, day)| UnixSeconds(day * DAY_SECONDS))
        })
    }
}
