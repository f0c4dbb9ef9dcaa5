//! The developer accounts that the account is a member of. They decide who
//! their members are; what is kept here is what they said last.

use super::{Account, StoredAccount};
use crate::ledger::{Committed, write};
use gatehouse_domain::format::decode;
use gatehouse_domain::message::account::{Membership, OwnTokenTerms, PutMembership, Signer};
use gatehouse_domain::portal_error::{Missing, PortalError};
use gatehouse_domain::ports::{ObjectPorts, SqlError, Value};
use gatehouse_shared::api::{CredentialView, DeveloperAccountSummary, Done, SessionInfo};
use gatehouse_shared::model::{AppId, ApplicationState, DAY_SECONDS, DeveloperAccountId, MemberRole, UnixSeconds};

/// For how long an end is remembered, in seconds: longer than an older word may be on its way.
const ENDED_SECONDS: u64 = DAY_SECONDS;

impl<R: ObjectPorts> Account<R> {
    /// Who is signed in, with their own Access Tokens for an App, and when those of all Apps expire if wanted.
    pub(super) fn find_signer(&self, app_id: Option<AppId>, expiries: bool) -> Result<Committed, PortalError> {
        let account = self.account()?;
        let own_tokens = app_id.map_or_else(|| Ok(Vec::new()), |app_id| self.view_own_tokens(app_id))?;
        let developer_accounts = self.developer_accounts(&account)?.into_iter().map(|known| known.id).collect();
        Committed::answer(&Signer {
            account: account.id,
            developer_accounts,
            username: account.username,
            own_developer_account: account.own_developer_account,
            own_tokens,
            own_expiries: if expiries { self.own_expiries()? } else { Vec::new() },
        })
    }

    /// The App of each current Access Token of the person's own that expires, and when.
    fn own_expiries(&self) -> Result<Vec<(AppId, UnixSeconds)>, PortalError> {
        let grants = self.grants()?;
        let current = grants.iter().flat_map(|grant| grant.own_tokens().iter().map(|stored| (grant.app.id, stored)));
        let current = current.filter(|(_, stored)| stored.is_current());
        Ok(current.filter_map(|(app_id, stored)| Some((app_id, stored.expires_at?))).collect())
    }

    /// Views of the Access Tokens that the account generated for an App.
    pub(super) fn view_own_tokens(&self, app_id: AppId) -> Result<Vec<CredentialView>, PortalError> {
        let Some(grant) = self.grant(app_id)? else { return Ok(Vec::new()) };
        let (last_used_on, now) = (self.ledger.last_uses(app_id)?, self.ledger.runtime.now().seconds());
        let shown = grant.own_tokens().iter().filter(|stored| stored.is_current() || stored.works_at(now));
        Ok(shown.map(|stored| stored.view(last_used_on(stored.root.serial))).collect())
    }

    pub(super) fn session_info(&self, account: &StoredAccount) -> Result<SessionInfo, PortalError> {
        Ok(SessionInfo {
            account: Some(account.view()),
            developer_accounts: self.developer_accounts(account)?,
            invitations: self.received_invitations()?,
        })
    }

    /// Those that the account is a member of, its own first, also before anybody applied for it.
    pub(super) fn developer_accounts(&self, account: &StoredAccount) -> Result<Vec<DeveloperAccountSummary>, SqlError> {
        let rows = self.ledger.runtime.exec("SELECT developer, doc FROM membership WHERE doc IS NOT NULL", &[])?;
        let mut all = Vec::with_capacity(rows.len() + 1);
        for row in &rows {
            let id = row.text(0)?.parse().map_err(|_| SqlError("membership: no developer account's id".into()))?;
            let Membership { name, role, application_state } = decode("membership", row.text(1)?).map_err(SqlError)?;
            all.push(DeveloperAccountSummary { id, name, role, application_state });
        }
        if let Some(id) = account.own_developer_account.filter(|own| !all.iter().any(|known| known.id == *own)) {
            let name = account.username.clone();
            let application_state = ApplicationState::None;
            all.push(DeveloperAccountSummary { id, name, role: MemberRole::Owner, application_state });
        }
        all.sort_by_key(|known| (Some(known.id) != account.own_developer_account, known.name.clone(), known.id));
        Ok(all)
    }

    /// What a developer account says of its member; an older word never
    /// replaces a newer one. Who may not generate Access Tokens any more loses
    /// those that they generated.
    pub(super) fn put_membership(&self, call: &PutMembership) -> Result<Committed, PortalError> {
        let done = Committed::answer(&Done {})?;
        let doc = call.membership.as_ref().map_or(Ok(Value::Null), write)?;
        let ended_at = if call.membership.is_some() { Value::Null } else { self.now() };
        let taken = self.ledger.runtime.exec(
            "INSERT INTO membership(developer, version, doc, ended_at) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE \
             SET version = excluded.version, doc = excluded.doc, ended_at = excluded.ended_at \
             WHERE excluded.version > membership.version RETURNING 1",
            &[call.developer.to_string().into(), call.version.into(), doc, ended_at],
        )?;
        if taken.is_empty() || may_generate(call.membership.as_ref()) {
            return Ok(done);
        }
        if call.membership.is_none() {
            self.give_up_own(call.developer)?;
        }
        self.end_tokens_of(call.developer, done)
    }

    /// Refuses a developer account's word that a later one took back.
    pub(super) fn require_not_taken_back(&self, terms: &OwnTokenTerms) -> Result<(), PortalError> {
        let rows = self.ledger.runtime.exec(
            "SELECT doc FROM membership WHERE developer = ? AND version > ?",
            &[terms.developer.to_string().into(), terms.version.into()],
        )?;
        for row in &rows {
            let membership: Option<Membership> = match row.text(0) {
                Ok(doc) => Some(decode("membership", doc).map_err(SqlError)?),
                Err(_) => None,
            };
            if !may_generate(membership.as_ref()) {
                return Err(PortalError::NotFound(Missing::App));
            }
        }
        Ok(())
    }

    /// Who left the developer account that they applied for has none of their own.
    fn give_up_own(&self, developer: DeveloperAccountId) -> Result<(), PortalError> {
        let mut account = self.account()?;
        if account.own_developer_account == Some(developer) {
            account.own_developer_account = None;
            self.save_account(&account)?;
        }
        Ok(())
    }

    /// Forgets ends that no older word can reach any more.
    pub(super) fn forget_ends(&self) -> Result<(), SqlError> {
        let over: Value = self.ledger.runtime.now().seconds().0.saturating_sub(ENDED_SECONDS).into();
        for table in ["membership", "invitation"] {
            self.ledger
                .runtime
                .exec(&format!("DELETE FROM {table} WHERE ended_at <= ?"), std::slice::from_ref(&over))?;
        }
        Ok(())
    }

    /// Ends the Access Tokens that the account generated as a member of a
    /// developer account.
    fn end_tokens_of(&self, developer: DeveloperAccountId, mut answer: Committed) -> Result<Committed, PortalError> {
        for mut grant in self.grants()? {
            if grant.own.take_if(|own| own.developer == developer).is_some() {
                answer = self.store_grant(&grant, answer)?;
            }
        }
        Ok(answer)
    }

    fn now(&self) -> Value {
        self.ledger.runtime.now().seconds().0.into()
    }
}

/// Whether a member may generate Access Tokens.
fn may_generate(membership: Option<&Membership>) -> bool {
    membership.is_some_and(|membership| membership.role >= MemberRole::Developer)
}
