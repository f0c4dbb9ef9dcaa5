//! The object of an account: a person who can sign in, their sessions, and
//! what they let Apps do.

mod grant;
mod invitation;
mod lifetime;
mod membership;
mod operator;
mod own_token;
mod roots;
mod schema;
mod session;
mod storage_token;
mod store;
mod stored;

pub use store::StoredAccount;

use crate::ledger::{Acting, Claim, Committed, Keeper, Kind, Ledger, alarm, answer, answer_storage};
use gatehouse_domain::account::UniqueName;
use gatehouse_domain::audit::{BREAK_GLASS, operator_as_actor};
use gatehouse_domain::format::decode;
use gatehouse_domain::message::account::{AccountCall, AccountRequest, Caller, Need};
use gatehouse_domain::message::name_registry::Owner;
use gatehouse_domain::message::storage::StorageMessage;
use gatehouse_domain::portal_error::{Missing, PortalError};
use gatehouse_domain::ports::{ObjectName, ObjectPorts, PortError, SqlError};
use gatehouse_shared::api::{Actor, ActorKind, Done, SessionInfo};
use gatehouse_shared::model::{AccountId, OperatorRole, Role, UnixMillis};
use schema::STEPS;

/// The object of one account.
pub struct Account<R> {
    ledger: Ledger<R>,
}

impl<R: ObjectPorts> Account<R> {
    /// Opens the account's database.
    pub fn new(runtime: R) -> Result<Self, SqlError> {
        let kind = Kind { steps: STEPS, apps_kept: "SELECT app_id FROM grant_given" };
        Ok(Self { ledger: Ledger::open(runtime, kind)? })
    }

    /// Answers one message.
    pub async fn call(&self, message: &str) -> Result<String, PortError> {
        if StorageMessage::is_in(message) {
            return answer_storage(self, message).await;
        }
        let request: AccountRequest = decode("account", message).map_err(PortError)?;
        answer(self, &request).await
    }

    /// Publishes what is still in the outbox.
    pub async fn alarm(&self) -> Result<(), PortError> {
        alarm(self).await
    }
}

impl<R: ObjectPorts> Account<R> {
    /// The account as an actor; nobody where there is none.
    fn person(&self) -> Result<Actor, PortalError> {
        let account = self.load_account()?;
        Ok(account.map_or_else(
            || Actor::of(ActorKind::Deployment),
            |account| as_person(account.id, &account.username, account.role, account.operator),
        ))
    }
}

/// A person who does something with their own account.
fn as_person(id: AccountId, username: &str, role: Role, operator: Option<OperatorRole>) -> Actor {
    let (kind, role) = match role {
        Role::Developer => (ActorKind::Account, operator.map_or("", OperatorRole::as_str)),
        Role::Operator => (ActorKind::Operator, BREAK_GLASS),
    };
    Actor { kind, account_id: Some(id), username: username.to_owned(), role: role.to_owned() }
}

impl<R: ObjectPorts> Keeper for Account<R> {
    type Ports = R;
    type Request = AccountRequest;

    fn ledger(&self) -> &Ledger<R> {
        &self.ledger
    }

    fn begins(request: &AccountRequest) -> bool {
        matches!(request.call, AccountCall::CreateAccount(_))
    }

    /// What only ends something is not counted: it ends as often as it was
    /// begun, and must never have to wait. Neither is a change of the
    /// password, whose tries are counted.
    fn is_counted(request: &AccountRequest) -> bool {
        let is_change = matches!(
            request.call,
            AccountCall::StartFamily(_)
                | AccountCall::NoteConsent(_)
                | AccountCall::ReplaceOwnToken(_)
                | AccountCall::UpdateOwnToken { .. }
        );
        is_change && matches!(request.caller, Caller::Session(_))
    }

    fn gives_lifetime(request: &AccountRequest) -> bool {
        matches!(request.call, AccountCall::OpenSession { .. } | AccountCall::NoteConsent(_))
    }

    fn answer_blank(request: &AccountRequest) -> Result<Committed, PortalError> {
        match (&request.call, request.call.need()) {
            (AccountCall::HoldsName(_), _) => Committed::answer(&false),
            // A name may be reserved for an account that is not there yet.
            (AccountCall::NoteFailedSignIns { .. } | AccountCall::PutInvitation(_), _) => Committed::answer(&Done {}),
            (_, Need::Nothing) => Committed::answer(&SessionInfo::default()),
            (_, Need::Internal | Need::Operator(_)) => Err(PortalError::NotFound(Missing::Account)),
            (_, Need::Session | Need::OperatorSession(_)) => Err(PortalError::NotSignedIn),
        }
    }

    fn authorize(&self, request: &AccountRequest) -> Result<(), PortalError> {
        let need = request.call.need();
        let hash = match (&request.caller, need) {
            (Caller::Internal, _) | (_, Need::Nothing) => return Ok(()),
            (Caller::Operator(operator), Need::Operator(access)) => return operator.require(access),
            (Caller::Operator(_), _) | (Caller::Session(_), Need::Operator(_) | Need::Internal) => {
                return Err(PortalError::NotOperator);
            }
            (Caller::Session(hash), _) => hash,
        };
        let account = self.session_account(hash)?.ok_or(PortalError::NotSignedIn)?;
        match need {
            Need::OperatorSession(access) => self.operator(&account, hash)?.require(access),
            _ => Ok(()),
        }
    }

    fn names_needed(&self, request: &AccountRequest) -> Result<Vec<Claim>, PortalError> {
        let AccountCall::CreateAccount(call) = &request.call else { return Ok(Vec::new()) };
        let owner = Owner::Account(request.account);
        let claim = |name, is_reserved| Claim { name, owner, refusal: PortalError::IdentityTaken, is_reserved };
        let mut names = vec![claim(UniqueName::username(&call.username), call.is_reserved)];
        if !call.email.is_empty() {
            names.push(claim(UniqueName::email(&call.email), false));
        }
        Ok(names)
    }

    fn holds(&self, name: &UniqueName, owner: Owner) -> Result<bool, SqlError> {
        if self.ledger.is_blank() {
            return Ok(false);
        }
        let account = self.load_account()?;
        Ok(account.is_some_and(|account| owner == Owner::Account(account.id) && account.names().contains(name)))
    }

    fn acting(&self, request: &AccountRequest) -> Result<Acting, PortalError> {
        let mut source = request.source.clone();
        let actor = match (&request.caller, &request.call) {
            (_, AccountCall::CreateAccount(call)) => {
                source.session_id.clone_from(&call.session.id);
                as_person(request.account, &call.username, call.role, None)
            }
            (_, AccountCall::OpenSession { session, .. }) => {
                source.session_id.clone_from(&session.id);
                self.person()?
            }
            (Caller::Session(_), _) => self.person()?,
            (Caller::Operator(operator), _) => operator_as_actor(operator),
            (Caller::Internal, call) => Actor::of(call.internal_actor()),
        };
        Ok(Acting { place: ObjectName::Account(request.account), actor, source })
    }

    fn commit(&self, request: &AccountRequest) -> Result<Committed, PortalError> {
        let caller = &request.caller;
        match &request.call {
            AccountCall::CreateAccount(call) => self.create_account(request.account, call),
            AccountCall::ReadLogin => self.read_login(),
            AccountCall::OpenSession { session, checked_hash } => self.open_session(session, checked_hash.as_deref()),
            AccountCall::NoteFailedSignIns { count } => self.note_failed_sign_ins(*count),
            AccountCall::FindSession => self.find_session(caller),
            AccountCall::FindSigner { app_id, expiries } => self.find_signer(*app_id, *expiries),
            AccountCall::RequireOperator(_) => self.answer_operator(caller),
            AccountCall::CloseSession => self.close_session(caller),
            AccountCall::ListSessions => self.list_sessions(caller),
            AccountCall::RevokeSession { id } => self.revoke_session(id),
            AccountCall::ChangePassword(call) => self.change_password(caller, call),
            AccountCall::ListActivity(filter) => self.ledger.list_activity(filter),
            AccountCall::ReadProfile => self.read_profile(),
            AccountCall::ReadRoots => self.read_roots(),
            AccountCall::PutRoots(roots) => self.put_roots(roots),
            AccountCall::RecordUses(uses) => self.ledger.record_uses(uses, |app_id| self.serials_in_use(app_id)),
            AccountCall::PutMembership(call) => self.put_membership(call),
            AccountCall::PutInvitation(call) => self.put_invitation(call),
            AccountCall::ReplaceOwnToken(call) => self.replace_own_token(call),
            AccountCall::UpdateOwnToken { app_id, expires_at } => self.update_own_token(*app_id, *expires_at),
            AccountCall::RevokeOwnToken { app_id, which } => self.revoke_own_token(*app_id, *which),
            AccountCall::FindGrant { app_id } => Committed::answer(&self.grant(*app_id)?),
            AccountCall::ReadGrantRecord { app_id, is_missing } => self.read_grant_record(*app_id, *is_missing),
            AccountCall::EndGrant { app_id } => self.end_grant(*app_id),
            AccountCall::EndOwnTokens { app_id, transfers } => self.end_own_tokens(*app_id, *transfers),
            AccountCall::NoteConsent(call) => self.note_consent(call),
            AccountCall::WithdrawConsent { app_id, serial } => self.withdraw_consent(*app_id, *serial),
            AccountCall::EnsureAccessToken(call) => self.ensure_access_token(call),
            AccountCall::StartFamily(call) => self.start_family(call),
            AccountCall::AdvanceFamily { app_id, serial, presented } => {
                self.advance_family(*app_id, *serial, *presented)
            }
            AccountCall::RevokeFamily { app_id, serial } => self.revoke_family(*app_id, *serial),
            AccountCall::RevokeAccessToken { app_id, serial } => self.revoke_access_token(*app_id, *serial),
            AccountCall::RevokeConnectedApp { app_id } => self.revoke_connected_app(*app_id),
            AccountCall::ListConnectedApps { catalog } => self.list_connected_apps(catalog),
            AccountCall::CreateStorageToken { session, purpose } => self.create_storage_token(session, *purpose),
            AccountCall::RequireStorageToken => self.answer_storage_operator(caller),
            AccountCall::EndStorageToken => self.end_storage_token(caller),
            AccountCall::PublishAgain => self.publish_again(),
            AccountCall::ReadRecords => self.read_records(),
            AccountCall::FindAccountRecord => self.find_account_record(),
            AccountCall::CreateNote { text } => match caller {
                Caller::Operator(operator) => self.ledger.create_note(operator, text),
                _ => Err(PortalError::NotOperator),
            },
            AccountCall::SetOperatorRole(role) => self.set_operator_role(*role),
            AccountCall::SetAccountStatus(call) => self.set_account_status(call),
            AccountCall::HoldsName(name) => Committed::answer(&self.holds(name, Owner::Account(request.account))?),
        }
    }

    fn end_what_is_over(&self) -> Result<(), PortalError> {
        self.end_over()
    }

    fn next_end(&self, now: UnixMillis) -> Result<Option<UnixMillis>, SqlError> {
        self.next_over(now)
    }
}
