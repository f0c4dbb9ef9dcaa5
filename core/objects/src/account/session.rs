//! Signing up, in and out.

use super::grant::ended_grant;
use super::{Account, StoredAccount};
use crate::ledger::{Act, Committed, FAILED, Publication};
use gatehouse_domain::account::{TokenHash, session_seconds};
use gatehouse_domain::message::account::{Caller, ChangePassword, CreateAccount, Login, NewSession, Profile};
use gatehouse_domain::message::name_registry::Owner;
use gatehouse_domain::portal_error::{Missing, PortalError};
use gatehouse_domain::ports::ObjectPorts;
use gatehouse_shared::api::{AccountRecord, Done, SessionInfo, SessionList, SessionView, SetAccountStatusRequest};
use gatehouse_shared::model::{AccountId, AccountStatus, ApplicationState, Role, UnixSeconds};

/// How often a session's last use is written down.
const SEEN_EVERY: u64 = 3600;
/// How many sessions an account may have; the oldest go first.
const MOST_SESSIONS: u64 = 50;

/// How much of a browser's `User-Agent` the activity log shows.
const MOST_BROWSER: usize = 80;

impl<R: ObjectPorts> Account<R> {
    pub(super) fn create_account(&self, id: AccountId, call: &CreateAccount) -> Result<Committed, PortalError> {
        if self.load_account()?.is_some() {
            return Err(PortalError::Unavailable(format!("account {id} exists: its id was drawn twice")));
        }
        let now = self.ledger.runtime.now().seconds();
        let account = StoredAccount {
            id,
            username: call.username.clone(),
            email: call.email.clone(),
            password_hash: call.password_hash.clone(),
            role: call.role,
            operator: None,
            status: AccountStatus::Active,
            status_reason: String::new(),
            own_developer_account: call.own_developer_account,
            created_at: now,
        };
        self.save_account(&account)?;
        let version = self.ledger.next_version()?;
        for name in account.names() {
            self.ledger.post(version, &Publication::Name { name, owner: Owner::Account(id), used: true })?;
        }
        self.post_account(version, &account)?;
        self.ledger.record(Act::new("create_account", &account.username))?;
        self.insert_session(&call.session, account.role, now)?;
        Committed::answer(&self.session_info(&account)?)
    }

    pub(super) fn read_login(&self) -> Result<Committed, PortalError> {
        let account = self.account()?;
        // Asked for with each try: whether it fits is for whoever asks to say.
        Committed::answer(&Login {
            username: account.username,
            email: account.email,
            password_hash: account.password_hash,
            role: account.role,
        })
    }

    pub(super) fn open_session(
        &self,
        session: &NewSession,
        checked_hash: Option<&str>,
    ) -> Result<Committed, PortalError> {
        let account = self.account()?;
        // The password may have been changed while the old one was being hashed.
        if account.password_hash.as_deref() != checked_hash {
            return Err(PortalError::WrongCredentials);
        }
        account.require_active()?;
        self.insert_session(session, account.role, self.ledger.runtime.now().seconds())?;
        let browser: String = session.user_agent.chars().take(MOST_BROWSER).collect();
        let act = Act::new("create_session", browser);
        // People see their own sign-ins; those of operators are the deployment's to look after as well.
        if account.operator_role().is_some() {
            self.ledger.audit(&act)?;
        }
        self.ledger.note(act)?;
        Committed::answer(&self.session_info(&account)?)
    }

    /// Tells the person that somebody tried to sign in. Others make these: all of a day are one entry.
    pub(super) fn note_failed_sign_ins(&self, count: u32) -> Result<Committed, PortalError> {
        self.ledger.note(Act { count, ..Act::new(FAILED, "") })?;
        Committed::answer(&Done {})
    }

    /// Sessions that rest on another operator's secret end: it was changed.
    fn insert_session(&self, session: &NewSession, role: Role, now: UnixSeconds) -> Result<(), PortalError> {
        self.ledger.runtime.exec(
            "DELETE FROM session WHERE expires_at <= ? OR rests_on <> ?",
            &[now.0.into(), session.rests_on.as_str().into()],
        )?;
        self.ledger.runtime.exec(
            "DELETE FROM session WHERE hash NOT IN \
             (SELECT hash FROM session ORDER BY created_at DESC, id LIMIT ?)",
            &[(MOST_SESSIONS - 1).into()],
        )?;
        let user_agent: String = session.user_agent.chars().take(200).collect();
        self.ledger.runtime.exec(
            "INSERT INTO session(hash, id, created_at, last_seen_at, expires_at, user_agent, rests_on) \
             VALUES (?, ?, ?, ?, ?, ?, ?)",
            &[
                session.hash.as_str().into(),
                session.id.as_str().into(),
                now.0.into(),
                now.0.into(),
                now.plus(session_seconds(role)).0.into(),
                user_agent.into(),
                session.rests_on.as_str().into(),
            ],
        )?;
        Ok(())
    }

    /// The account, where the session is one of it and not expired.
    pub(super) fn session_account(&self, hash: &TokenHash) -> Result<Option<StoredAccount>, PortalError> {
        let now = self.ledger.runtime.now().seconds();
        let rows = self.ledger.runtime.exec(
            "SELECT last_seen_at FROM session WHERE hash = ? AND expires_at > ?",
            &[hash.as_str().into(), now.0.into()],
        )?;
        let Some(row) = rows.first() else { return Ok(None) };
        if now.0 >= row.number(0)? + SEEN_EVERY {
            let hour = now.0 - now.0 % SEEN_EVERY;
            self.ledger
                .runtime
                .exec("UPDATE session SET last_seen_at = ? WHERE hash = ?", &[hour.into(), hash.as_str().into()])?;
        }
        Ok(self.load_account()?)
    }

    pub(super) fn find_session(&self, caller: &Caller) -> Result<Committed, PortalError> {
        let account = match caller {
            Caller::Session(hash) => self.session_account(hash)?,
            Caller::Internal | Caller::Operator(_) => None,
        };
        let info = account.map_or_else(|| Ok(SessionInfo::default()), |account| self.session_info(&account))?;
        Committed::answer(&info)
    }

    pub(super) fn close_session(&self, caller: &Caller) -> Result<Committed, PortalError> {
        if let Caller::Session(hash) = caller {
            self.ledger.runtime.exec("DELETE FROM session WHERE hash = ?", &[hash.as_str().into()])?;
            self.end_storage_tokens()?;
            self.ledger.record(Act::new("delete_session", ""))?;
        }
        Committed::answer(&Done {})
    }

    pub(super) fn list_sessions(&self, caller: &Caller) -> Result<Committed, PortalError> {
        let rows = self.ledger.runtime.exec(
            "SELECT id, hash, user_agent, created_at, last_seen_at, expires_at FROM session \
             WHERE expires_at > ? ORDER BY created_at DESC, id",
            &[self.ledger.runtime.now().seconds().0.into()],
        )?;
        let mut sessions = Vec::with_capacity(rows.len());
        for row in &rows {
            let hash = row.text(1)?;
            sessions.push(SessionView {
                id: row.text(0)?.to_owned(),
                created_at: UnixSeconds(row.number(3)?),
                last_seen_at: UnixSeconds(row.number(4)?),
                expires_at: UnixSeconds(row.number(5)?),
                user_agent: row.text(2)?.to_owned(),
                current: matches!(caller, Caller::Session(own) if own.as_str() == hash),
            });
        }
        Committed::answer(&SessionList { sessions })
    }

    pub(super) fn revoke_session(&self, id: &str) -> Result<Committed, PortalError> {
        let gone = self.ledger.runtime.exec("DELETE FROM session WHERE id = ? RETURNING id", &[id.into()])?;
        if gone.is_empty() {
            return Err(PortalError::NotFound(Missing::Session));
        }
        self.end_storage_tokens()?;
        self.ledger.record(Act { credential_ids: vec![id.to_owned()], ..Act::new("revoke_session", "") })?;
        Committed::answer(&Done {})
    }

    pub(super) fn change_password(&self, caller: &Caller, call: &ChangePassword) -> Result<Committed, PortalError> {
        let mut account = self.account()?;
        if account.password_hash.as_ref() != Some(&call.checked_hash) {
            return Err(PortalError::WrongCredentials);
        }
        account.password_hash = Some(call.new_hash.clone());
        self.save_account(&account)?;
        if let Caller::Session(hash) = caller {
            self.ledger.runtime.exec("DELETE FROM session WHERE hash <> ?", &[hash.as_str().into()])?;
        }
        self.end_storage_tokens()?;
        self.ledger.record(Act::new("update_password", ""))?;
        if call.revoke_apps {
            for grant in self.grants()? {
                self.ledger.record(ended_grant("revoke_connected_app", &grant))?;
            }
        }
        self.end_consents(call.revoke_apps, Committed::answer(&Done {})?)
    }

    /// What the API may tell of the account.
    pub(super) fn read_profile(&self) -> Result<Committed, PortalError> {
        let account = self.account()?;
        Committed::answer(&Profile { id: account.id, username: account.username, created_at: account.created_at })
    }

    pub(super) fn find_account_record(&self) -> Result<Committed, PortalError> {
        let account = self.account()?;
        let mut developer_accounts = self.developer_accounts(&account)?;
        // There is nothing to see of one that nobody applied for.
        developer_accounts.retain(|known| known.application_state != ApplicationState::None);
        Committed::answer(&AccountRecord { account: account.view(), developer_accounts, notes: self.ledger.notes()? })
    }

    /// Suspends the account from whatever state, or lets it go on. Suspension
    /// ends what is running: sessions and consents do not come back.
    pub(super) fn set_account_status(&self, call: &SetAccountStatusRequest) -> Result<Committed, PortalError> {
        let mut account = self.account()?;
        if account.role == Role::Operator {
            return Err(PortalError::OperatorStays);
        }
        let act = Act::new("update_account_status", call.status.as_str())
            .with_change("status", account.status.as_str(), call.status.as_str())
            .with_change("reason", &account.status_reason, &call.reason);
        account.status = call.status;
        account.status_reason = call.reason.clone();
        self.save_account(&account)?;
        self.ledger.record(act)?;
        self.post_account(self.ledger.next_version()?, &account)?;
        let answer = Committed::answer(&account.view())?;
        match call.status {
            AccountStatus::Active => Ok(answer),
            AccountStatus::Suspended => {
                self.ledger.runtime.exec("DELETE FROM session", &[])?;
                self.end_storage_tokens()?;
                for grant in self.grants()? {
                    self.ledger.audit(&ended_grant("end_authorization", &grant))?;
                }
                self.end_consents(true, answer)
            }
        }
    }
}
