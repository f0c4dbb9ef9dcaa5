//! Accounts and sessions.

use super::outbox::Publication;
use super::{Committed, Ledger, StoredAccount};
use gatehouse_domain::account::{TokenHash, UniqueName, session_seconds};
use gatehouse_domain::message::ledger::{
    Caller, ChangePassword, CreateAccount, HoldsName, LedgerCall, LedgerRequest, Login, NewSession,
};
use gatehouse_domain::message::name_registry::Owner;
use gatehouse_domain::portal_error::{Missing, PortalError};
use gatehouse_domain::ports::{ObjectPorts, SqlError};
use gatehouse_shared::api::{Done, SessionInfo, SessionList, SessionView};
use gatehouse_shared::model::{AccountId, AccountStatus, AppId, ApplicationState, Role, UnixSeconds};

/// How often a session's last use is written down.
const SEEN_EVERY: u64 = 3600;
/// How many sessions an account may have; the oldest go first.
const MOST_SESSIONS: u64 = 50;

/// How much of a browser's `User-Agent` the activity log shows.
const MOST_BROWSER: usize = 80;

/// A name to claim, for whom, and the refusal where it is taken.
pub(super) struct Claim {
    pub name: UniqueName,
    pub owner: Owner,
    pub refusal: PortalError,
    /// Whether it is taken, whatever its name registry says.
    pub is_reserved: bool,
}

impl<R: ObjectPorts> Ledger<R> {
    /// The names that a call needs and the account does not have yet.
    pub(super) fn names_needed(&self, request: &LedgerRequest) -> Result<Vec<Claim>, PortalError> {
        let account = request.account;
        let app_names = |name: &str, app_id: AppId, field: &str| {
            let owner = Owner { account, app: Some(app_id) };
            let refusal = PortalError::AppNameTaken { field: field.to_owned() };
            let claim = |name| Claim { name, owner: owner.clone(), refusal: refusal.clone(), is_reserved: false };
            Vec::from(UniqueName::of_app(name).map(claim))
        };
        Ok(match &request.call {
            LedgerCall::CreateAccount(call) => {
                let claim = |name, is_reserved| Claim {
                    name,
                    owner: Owner { account, app: None },
                    refusal: PortalError::IdentityTaken,
                    is_reserved,
                };
                let mut names = vec![claim(UniqueName::username(&call.username), call.is_reserved)];
                if !call.email.is_empty() {
                    names.push(claim(UniqueName::email(&call.email), false));
                }
                names
            }
            LedgerCall::CreateApp(call) => app_names(&call.request.name, call.new.id, "name"),
            LedgerCall::CreateProject(call) => match (&call.request.app, &call.app) {
                (Some(first), Some(new)) => app_names(&first.name, new.id, "app.name"),
                _ => Vec::new(),
            },
            LedgerCall::UpdateApp { app_id, request, .. } => match &request.name {
                Some(name) => {
                    let held = UniqueName::of_app(&self.app(*app_id)?.settings.name);
                    let mut names = app_names(name, *app_id, "name");
                    names.retain(|claim| !held.contains(&claim.name));
                    names
                }
                None => Vec::new(),
            },
            _ => Vec::new(),
        })
    }

    pub(super) fn create_account(&self, id: AccountId, call: &CreateAccount) -> Result<Committed, PortalError> {
        if self.load_account()?.is_some() {
            return Err(PortalError::Unavailable(format!("account {id} exists: its id was drawn twice")));
        }
        let now = self.runtime.now().seconds();
        let account = StoredAccount {
            id,
            username: call.username.clone(),
            email: call.email.clone(),
            password_hash: call.password_hash.clone(),
            role: call.role,
            status: AccountStatus::Active,
            status_reason: String::new(),
            application_state: ApplicationState::None,
            state_since: now,
            application: None,
            created_at: now,
        };
        self.save_account(&account)?;
        let version = self.next_version()?;
        for name in names_of(&account) {
            let owner = Owner { account: id, app: None };
            self.post(version, &Publication::Name { name, owner, used: true })?;
        }
        self.post_account(version, &account)?;
        self.record("create_account", &account.username, None, false)?;
        self.insert_session(&call.session, account.role, now)?;
        Committed::answer(&account.view())
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
        self.insert_session(session, account.role, self.runtime.now().seconds())?;
        let browser: String = session.user_agent.chars().take(MOST_BROWSER).collect();
        self.record("create_session", browser, None, false)?;
        Committed::answer(&account.view())
    }

    /// Sessions that rest on another operator's secret end: it was changed.
    fn insert_session(&self, session: &NewSession, role: Role, now: UnixSeconds) -> Result<(), PortalError> {
        self.runtime.exec(
            "DELETE FROM session WHERE expires_at <= ? OR rests_on <> ?",
            &[now.0.into(), session.rests_on.as_str().into()],
        )?;
        self.runtime.exec(
            "DELETE FROM session WHERE hash NOT IN \
             (SELECT hash FROM session ORDER BY created_at DESC, id LIMIT ?)",
            &[(MOST_SESSIONS - 1).into()],
        )?;
        let user_agent: String = session.user_agent.chars().take(200).collect();
        self.runtime.exec(
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
        let now = self.runtime.now().seconds();
        let rows = self.runtime.exec(
            "SELECT last_seen_at FROM session WHERE hash = ? AND expires_at > ?",
            &[hash.as_str().into(), now.0.into()],
        )?;
        let Some(row) = rows.first() else { return Ok(None) };
        if now.0 >= row.number(0)? + SEEN_EVERY {
            let hour = now.0 - now.0 % SEEN_EVERY;
            self.runtime
                .exec("UPDATE session SET last_seen_at = ? WHERE hash = ?", &[hour.into(), hash.as_str().into()])?;
        }
        Ok(self.load_account()?)
    }

    pub(super) fn find_session(&self, caller: &Caller) -> Result<Committed, PortalError> {
        let account = match caller {
            Caller::Session(hash) => self.session_account(hash)?,
            Caller::Internal | Caller::Operator => None,
        };
        Committed::answer(&SessionInfo { account: account.map(|account| account.view()) })
    }

    pub(super) fn close_session(&self, caller: &Caller) -> Result<Committed, PortalError> {
        if let Caller::Session(hash) = caller {
            self.runtime.exec("DELETE FROM session WHERE hash = ?", &[hash.as_str().into()])?;
        }
        Committed::answer(&Done {})
    }

    pub(super) fn list_sessions(&self, caller: &Caller) -> Result<Committed, PortalError> {
        let rows = self.runtime.exec(
            "SELECT id, hash, user_agent, created_at, last_seen_at, expires_at FROM session \
             WHERE expires_at > ? ORDER BY created_at DESC, id",
            &[self.runtime.now().seconds().0.into()],
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
        let gone = self.runtime.exec("DELETE FROM session WHERE id = ? RETURNING id", &[id.into()])?;
        if gone.is_empty() {
            return Err(PortalError::NotFound(Missing::Session));
        }
        self.record("revoke_session", "", None, false)?;
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
            self.runtime.exec("DELETE FROM session WHERE hash <> ?", &[hash.as_str().into()])?;
        }
        self.record("update_password", "", None, false)?;
        if call.revoke_apps {
            for grant in self.grants()? {
                self.record("revoke_connected_app", &grant.app.name, None, false)?;
            }
        }
        self.end_consents(call.revoke_apps, Committed::answer(&Done {})?)
    }

    pub(super) fn holds_name(&self, call: &HoldsName) -> Result<Committed, PortalError> {
        Committed::answer(&self.holds(&call.name, &call.owner)?)
    }

    /// Whether a name is in use here by that owner.
    pub(super) fn holds(&self, name: &UniqueName, owner: &Owner) -> Result<bool, SqlError> {
        if self.blank.get() {
            return Ok(false);
        }
        Ok(match owner.app {
            None => self.load_account()?.is_some_and(|account| names_of(&account).contains(name)),
            Some(app_id) => {
                self.apps()?.iter().any(|app| app.id == app_id && UniqueName::of_app(&app.settings.name).contains(name))
            }
        })
    }
}

fn names_of(account: &StoredAccount) -> Vec<UniqueName> {
    let mut names = vec![UniqueName::username(&account.username)];
    if !account.email.is_empty() {
        names.push(UniqueName::email(&account.email));
    }
    names
}
