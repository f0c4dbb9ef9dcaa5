//! Whose the App is, and what becomes of this object when it is deleted.

use super::{AppTraffic, port_error, write};
use futures_util::future::join_all;
use gatehouse_domain::limit::Leased;
use gatehouse_domain::message::account::{AccountCall, AccountRequest};
use gatehouse_domain::message::app_traffic::{AppTrafficCall, NonceOutcome};
use gatehouse_domain::message::outcome::Outcome;
use gatehouse_domain::ports::{Clock, ObjectName, Objects, PortError, Sql, SqlError, Value, ask};
use gatehouse_shared::api::Done;
use gatehouse_shared::model::{AccountId, AppId, DAY_SECONDS, DeveloperAccountId, UnixSeconds};

/// For how long it is kept that the App was deleted, in seconds: longer than
/// any isolate lets one of its credentials pass.
const DELETED_SECONDS: u64 = DAY_SECONDS;
/// How many users' Accounts are told of a deletion at once.
const TOLD_AT_ONCE: u64 = 50;
/// When those that did not answer are told again, in seconds.
const TELL_AGAIN_SECONDS: u64 = 60;

impl<R: Sql + Clock + Objects> AppTraffic<R> {
    /// What a developer account says; an older word never replaces a newer one.
    pub(super) fn put_owner(
        &self,
        app_id: AppId,
        owner: DeveloperAccountId,
        version: u64,
        deleted: bool,
    ) -> Result<(), SqlError> {
        let deleted_at = if deleted { self.now() } else { Value::Null };
        let rows = self.runtime.exec(
            "INSERT INTO app(id, app_id, owner, version, deleted_at) VALUES (1, ?, ?, ?, ?) ON CONFLICT DO UPDATE \
             SET owner = excluded.owner, version = excluded.version, deleted_at = excluded.deleted_at \
             WHERE excluded.version > app.version AND app.deleted_at IS NULL RETURNING deleted_at",
            &[app_id.to_string().into(), owner.to_string().into(), version.into(), deleted_at],
        )?;
        // Read anew: what is written here may still be taken back.
        self.deleted.set(None);
        if deleted && !rows.is_empty() {
            for table in ["nonce", "request_token", "rate_window", "refusal"] {
                self.runtime.exec(&format!("DELETE FROM {table}"), &[])?;
            }
            // What it used of a Project's month is the Project's to show.
            self.runtime.exec("DELETE FROM usage WHERE project = ''", &[])?;
            self.runtime.exec("UPDATE month SET leased_at = 0", &[])?;
            self.wake_by(self.runtime.now().seconds())?;
        }
        Ok(())
    }

    /// The developer account that the App belongs to, deleted or not.
    pub(super) fn owner(&self) -> Result<Option<DeveloperAccountId>, SqlError> {
        let rows = self.runtime.exec("SELECT owner FROM app", &[])?;
        rows.first().map(|row| row.text(0)?.parse().map_err(|_| SqlError("no owner's id".into()))).transpose()
    }

    pub(super) fn is_deleted(&self) -> Result<bool, SqlError> {
        if let Some(deleted) = self.deleted.get() {
            return Ok(deleted);
        }
        let deleted = !self.runtime.exec("SELECT 1 FROM app WHERE deleted_at IS NOT NULL", &[])?.is_empty();
        self.deleted.set(Some(deleted));
        Ok(deleted)
    }

    /// Has the users' Accounts end what they granted to an App that is deleted.
    pub(super) async fn end_grants_of_deleted(&self) -> Result<(), PortError> {
        if !self.is_deleted().map_err(port_error)? {
            return Ok(());
        }
        let rows = self.runtime.exec("SELECT app_id FROM app", &[]).map_err(port_error)?;
        let Some(app_id) = rows.first().and_then(|row| row.text(0).ok()?.parse::<AppId>().ok()) else { return Ok(()) };
        let users =
            self.runtime.exec("SELECT user FROM grantee LIMIT ?", &[TOLD_AT_ONCE.into()]).map_err(port_error)?;
        let users: Vec<AccountId> = users.iter().filter_map(|row| row.text(0).ok()?.parse().ok()).collect();
        let ended = join_all(users.into_iter().map(|user| async move {
            let request = AccountRequest::internal(user, AccountCall::EndGrant { app_id });
            let outcome: Outcome<Done> = ask(&self.runtime, &ObjectName::Account(user), &request).await?;
            outcome.result.map_err(|refusal| PortError(format!("account/{user}: {refusal:?}")))?;
            self.runtime.exec("DELETE FROM grantee WHERE user = ?", &[user.to_string().into()]).map_err(port_error)?;
            Ok(())
        }))
        .await;
        let over = self.runtime.now().seconds().0.saturating_sub(DELETED_SECONDS).into();
        self.deleted.set(None);
        self.runtime
            .exec("DELETE FROM app WHERE deleted_at <= ? AND NOT EXISTS (SELECT 1 FROM grantee)", &[over])
            .map_err(port_error)?;
        ended.into_iter().collect()
    }

    /// When the next users are to be told that the App was deleted.
    pub(super) fn next_grant_to_end(&self) -> Result<Option<UnixSeconds>, SqlError> {
        let statement = "SELECT 1 FROM grantee, app WHERE deleted_at IS NOT NULL LIMIT 1";
        let waits = !self.runtime.exec(statement, &[])?.is_empty();
        Ok(waits.then(|| self.runtime.now().seconds().plus(TELL_AGAIN_SECONDS)))
    }

    /// When it is over with a deleted App.
    pub(super) fn deletion_ends(&self) -> Result<Option<UnixSeconds>, SqlError> {
        let rows = self.runtime.exec("SELECT deleted_at FROM app WHERE deleted_at IS NOT NULL", &[])?;
        rows.first().map(|row| Ok(UnixSeconds(row.number(0)?).plus(DELETED_SECONDS))).transpose()
    }
}

/// What is answered about an App that was deleted, to isolates that have not
/// heard of it; `None` for what goes on as before.
pub(super) fn answer_of_deleted(call: &AppTrafficCall) -> Option<Result<String, SqlError>> {
    Some(match call {
        AppTrafficCall::SpendNonce { .. } | AppTrafficCall::FindNonce { .. } => write(&NonceOutcome::Deleted),
        AppTrafficCall::Lease(_) => write(&None::<Leased>),
        AppTrafficCall::PutRequestToken(_) | AppTrafficCall::Return(_) | AppTrafficCall::PutRefusals(_) => write(&()),
        _ => return None,
    })
}
