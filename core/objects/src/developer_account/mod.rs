//! The object of a developer account: its application and members, its
//! Projects and Apps.

mod app;
mod application;
mod credential;
mod invitation;
mod member;
mod parcel;
mod project;
mod schema;
mod store;
mod stored;
mod transfer;
mod view;

pub use store::{StoredDeveloperAccount, StoredMember};

use crate::ledger::{Acting, Claim, Committed, Keeper, Kind, Ledger, alarm, answer, answer_storage};
use gatehouse_domain::account::UniqueName;
use gatehouse_domain::application::require_approval;
use gatehouse_domain::audit::operator_as_actor;
use gatehouse_domain::format::decode;
use gatehouse_domain::message::developer_account::{
    Asking, Caller, DeveloperAccountCall, DeveloperAccountRequest, Need,
};
use gatehouse_domain::message::name_registry::Owner;
use gatehouse_domain::message::storage::StorageMessage;
use gatehouse_domain::operator::Operator;
use gatehouse_domain::portal_error::{Missing, PortalError};
use gatehouse_domain::ports::{ObjectName, ObjectPorts, PortError, SqlError};
use gatehouse_shared::api::{Actor, ActorKind};
use gatehouse_shared::model::{AppId, ApplicationState, MemberRole, UnixMillis};
use schema::STEPS;

/// The object of one developer account.
pub struct DeveloperAccount<R> {
    ledger: Ledger<R>,
}

impl<R: ObjectPorts> DeveloperAccount<R> {
    /// Opens the developer account's database.
    pub fn new(runtime: R) -> Result<Self, SqlError> {
        let kind = Kind { steps: STEPS, apps_kept: "SELECT id FROM app" };
        Ok(Self { ledger: Ledger::open(runtime, kind)? })
    }

    /// Answers one message.
    pub async fn call(&self, message: &str) -> Result<String, PortError> {
        if StorageMessage::is_in(message) {
            return answer_storage(self, message).await;
        }
        let request: DeveloperAccountRequest = decode("developer account", message).map_err(PortError)?;
        answer(self, &request).await
    }

    /// Publishes what is still in the outbox.
    pub async fn alarm(&self) -> Result<(), PortError> {
        alarm(self).await
    }

    /// The role and the application's state as an account meets them; `None`
    /// where it is no member.
    fn standing_of(&self, asking: &Asking) -> Result<Option<(MemberRole, ApplicationState)>, PortalError> {
        if self.ledger.is_blank() {
            // Whose it is may look at it, and apply.
            return Ok(asking.is_own.then_some((MemberRole::Owner, ApplicationState::None)));
        }
        let Some(member) = self.member(asking.account)? else { return Ok(None) };
        Ok(Some((member.role, self.developer()?.application_state)))
    }

    /// Nobody decides as an operator about a developer account of their own, except with the secret of the settings.
    fn refuse_own_decision(&self, operator: &Operator, call: &DeveloperAccountCall) -> Result<(), PortalError> {
        let is_decision =
            matches!(call, DeveloperAccountCall::DecideApplication(_) | DeveloperAccountCall::SetAppStatus(_));
        if is_decision && !operator.is_break_glass && self.member(operator.account)?.is_some() {
            return Err(PortalError::OwnDeveloperAccount);
        }
        Ok(())
    }
}

/// Refuses an account whose role, or whose developer account's application, does not allow a call.
fn check_member(standing: Option<(MemberRole, ApplicationState)>, need: Need) -> Result<(), PortalError> {
    let (role, state) = standing.ok_or(PortalError::NotFound(Missing::DeveloperAccount))?;
    let (needed, needs_approval) = match need {
        Need::Member(needed) => (needed, false),
        Need::Approved(needed) => (needed, true),
        Need::Account | Need::Operator(_) | Need::Internal => return Err(PortalError::NotOperator),
    };
    if role < needed {
        return Err(PortalError::RoleTooLow { role, needed });
    }
    if needs_approval { require_approval(state) } else { Ok(()) }
}

impl<R: ObjectPorts> Keeper for DeveloperAccount<R> {
    type Ports = R;
    type Request = DeveloperAccountRequest;

    fn ledger(&self) -> &Ledger<R> {
        &self.ledger
    }

    fn begins(request: &DeveloperAccountRequest) -> bool {
        let is_own = matches!(&request.caller, Caller::Account(asking) if asking.is_own);
        is_own && matches!(request.call, DeveloperAccountCall::SubmitApplication(_))
    }

    /// What only ends something is not counted: it ends as often as it was
    /// begun, and must never have to wait.
    fn is_counted(request: &DeveloperAccountRequest) -> bool {
        let is_change = matches!(
            request.call,
            DeveloperAccountCall::SubmitApplication(_)
                | DeveloperAccountCall::CreateInvitation(_)
                | DeveloperAccountCall::UpdateMember { .. }
                | DeveloperAccountCall::CreateProject(_)
                | DeveloperAccountCall::UpdateProject { .. }
                | DeveloperAccountCall::CreateApp(_)
                | DeveloperAccountCall::UpdateApp { .. }
                | DeveloperAccountCall::AttachApp { .. }
                | DeveloperAccountCall::DetachApp { .. }
                | DeveloperAccountCall::OfferTransfer(_)
                | DeveloperAccountCall::ReplaceCredential(_)
                | DeveloperAccountCall::UpdateCredential { .. }
                | DeveloperAccountCall::AllowOwnToken { .. }
        );
        is_change && matches!(request.caller, Caller::Account(_))
    }

    fn gives_lifetime(request: &DeveloperAccountRequest) -> bool {
        matches!(request.call, DeveloperAccountCall::PutTransfer(_))
    }

    fn answer_blank(request: &DeveloperAccountRequest) -> Result<Committed, PortalError> {
        if matches!(request.call, DeveloperAccountCall::HoldsName { .. }) {
            return Committed::answer(&false);
        }
        let missing = PortalError::NotFound(Missing::DeveloperAccount);
        let Caller::Account(asking) = &request.caller else { return Err(missing) };
        if request.call.need() == Need::Account {
            return Err(PortalError::NotFound(Missing::Invitation));
        }
        let standing = asking.is_own.then_some((MemberRole::Owner, ApplicationState::None));
        check_member(standing, request.call.need())?;
        view::answer_unapplied(request.developer, asking, &request.call)
    }

    fn authorize(&self, request: &DeveloperAccountRequest) -> Result<(), PortalError> {
        let need = request.call.need();
        match (&request.caller, need) {
            (Caller::Internal, _) => Ok(()),
            (Caller::Operator(operator), Need::Operator(access)) => {
                operator.require(access)?;
                self.refuse_own_decision(operator, &request.call)
            }
            (Caller::Operator(_), _) => Err(PortalError::NotOperator),
            (Caller::Account(_), Need::Account) => Ok(()),
            (Caller::Account(asking), _) => check_member(self.standing_of(asking)?, need),
        }
    }

    fn names_needed(&self, request: &DeveloperAccountRequest) -> Result<Vec<Claim>, PortalError> {
        let developer = request.developer;
        let app_names = |name: &str, app: AppId, field: &str| {
            let owner = Owner::App { developer, app };
            let refusal = PortalError::AppNameTaken { field: field.to_owned() };
            let claim = |name| Claim { name, owner, refusal: refusal.clone(), is_reserved: false };
            Vec::from(UniqueName::of_app(name).map(claim))
        };
        Ok(match &request.call {
            DeveloperAccountCall::CreateApp(call) => app_names(&call.request.name, call.new.id, "name"),
            DeveloperAccountCall::CreateProject(call) => match (&call.request.app, &call.app) {
                (Some(first), Some(new)) => app_names(&first.name, new.id, "app.name"),
                _ => Vec::new(),
            },
            DeveloperAccountCall::UpdateApp { app_id, request, .. } => match &request.name {
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

    fn holds(&self, name: &UniqueName, owner: Owner) -> Result<bool, SqlError> {
        let Owner::App { app, .. } = owner else { return Ok(false) };
        if self.ledger.is_blank() {
            return Ok(false);
        }
        let mut apps = self.apps()?.into_iter();
        Ok(apps.any(|kept| kept.id == app && UniqueName::of_app(&kept.settings.name).contains(name)))
    }

    fn acting(&self, request: &DeveloperAccountRequest) -> Result<Acting, PortalError> {
        let actor = match &request.caller {
            Caller::Account(asking) => {
                let member = self.member(asking.account)?;
                let role = member.map(|member| member.role.as_str().to_owned()).unwrap_or_default();
                let (account_id, username) = (Some(asking.account), asking.username.clone());
                Actor { kind: ActorKind::Account, account_id, username, role }
            }
            Caller::Operator(operator) => operator_as_actor(operator),
            Caller::Internal => Actor::of(request.call.internal_actor()),
        };
        let place = ObjectName::DeveloperAccount(request.developer);
        Ok(Acting { place, actor, source: request.source.clone() })
    }

    fn commit(&self, request: &DeveloperAccountRequest) -> Result<Committed, PortalError> {
        match &request.call {
            DeveloperAccountCall::Require(_) => Committed::answer(&()),
            DeveloperAccountCall::PublishAgain => self.publish_again(),
            DeveloperAccountCall::ReadRecords => self.read_records(),
            DeveloperAccountCall::FindApplication => Committed::answer(&self.view_application()?),
            DeveloperAccountCall::SubmitApplication(call) => {
                self.submit_application(request.developer, &request.caller, call)
            }
            DeveloperAccountCall::DecideApplication(call) => self.decide_application(call),
            DeveloperAccountCall::FindDashboard { limits } => self.find_dashboard(*limits),
            DeveloperAccountCall::ListActivity(filter) => self.list_activity(filter),
            DeveloperAccountCall::ListMembers => self.list_members(&request.caller),
            DeveloperAccountCall::UpdateMember { account, role } => {
                self.update_member(&request.caller, *account, *role)
            }
            DeveloperAccountCall::RemoveMember { account } => self.remove_member(&request.caller, *account),
            DeveloperAccountCall::CreateInvitation(call) => self.create_invitation(&request.caller, call),
            DeveloperAccountCall::RevokeInvitation { id } => self.revoke_invitation(&request.caller, id),
            DeveloperAccountCall::FindInvitation { code } => self.find_invitation(&request.caller, code),
            DeveloperAccountCall::AcceptInvitation { code } => self.accept_invitation(&request.caller, code),
            DeveloperAccountCall::DeclineInvitation { code } => self.decline_invitation(&request.caller, code),
            DeveloperAccountCall::CreateProject(call) => self.create_project(call),
            DeveloperAccountCall::FindProject { project_id, limits } => self.find_project(*project_id, limits),
            DeveloperAccountCall::UpdateProject { project_id, request, limits } => {
                self.update_project(*project_id, request, limits)
            }
            DeveloperAccountCall::DeleteProject { project_id, confirm_name } => {
                self.delete_project(*project_id, confirm_name)
            }
            DeveloperAccountCall::CreateApp(call) => self.create_app(call),
            DeveloperAccountCall::FindApp { app_id } => Committed::answer(&self.view_app(&self.app(*app_id)?)?),
            DeveloperAccountCall::UpdateApp { app_id, request, client_id } => {
                self.update_app(*app_id, request, client_id.as_deref())
            }
            DeveloperAccountCall::DeleteApp { app_id, confirm_name } => self.delete_app(*app_id, confirm_name),
            DeveloperAccountCall::AttachApp { app_id, request, limits } => self.attach_app(*app_id, request, limits),
            DeveloperAccountCall::DetachApp { app_id } => self.detach_app(*app_id),
            DeveloperAccountCall::OfferTransfer(call) => self.offer_transfer(&request.caller, call),
            DeveloperAccountCall::WithdrawTransfer { subject, limits } => self.withdraw_transfer(*subject, limits),
            DeveloperAccountCall::AcceptTransfer { id, limits } => self.accept_transfer(id, limits),
            DeveloperAccountCall::DeclineTransfer { id } => self.decline_transfer(id),
            DeveloperAccountCall::DescribeReceiver => self.describe_receiver(),
            DeveloperAccountCall::PutTransfer(call) => self.put_transfer(call),
            DeveloperAccountCall::AnswerTransfer(call) => self.answer_transfer(call),
            DeveloperAccountCall::TakeParcel(parcel) => self.take_parcel(parcel),
            DeveloperAccountCall::ReplaceCredential(call) => self.replace_credential(call),
            DeveloperAccountCall::UpdateCredential { app_id, kind, expires_at } => {
                self.update_credential(*app_id, *kind, *expires_at)
            }
            DeveloperAccountCall::RevokeCredential { app_id, kind, which } => {
                self.revoke_credential(*app_id, *kind, *which)
            }
            DeveloperAccountCall::AllowOwnToken { app_id } => self.allow_own_token(*app_id),
            DeveloperAccountCall::EnsureBearerToken(call) => self.ensure_bearer_token(call),
            DeveloperAccountCall::RecordUses(uses) => {
                self.ledger.record_uses(uses, |app_id| self.serials_in_use(app_id))
            }
            DeveloperAccountCall::ReadRoots => self.read_roots(),
            DeveloperAccountCall::PutRoots(roots) => self.put_roots(roots),
            DeveloperAccountCall::FindConsentApp { app_id, user } => self.find_consent_app(*app_id, *user),
            DeveloperAccountCall::ReadAppRecord { app_id, is_missing } => self.read_app_record(*app_id, *is_missing),
            DeveloperAccountCall::CreateNote { text } => match &request.caller {
                Caller::Operator(operator) => self.ledger.create_note(operator, text),
                _ => Err(PortalError::NotOperator),
            },
            DeveloperAccountCall::FindRecord { limits } => self.find_record(limits),
            DeveloperAccountCall::SetAppStatus(call) => self.set_app_status(call),
            DeveloperAccountCall::HoldsName { name, app_id } => {
                let owner = Owner::App { developer: request.developer, app: *app_id };
                Committed::answer(&self.holds(name, owner)?)
            }
        }
    }

    fn end_what_is_over(&self) -> Result<(), PortalError> {
        Ok(self.forget_ended_transfers()?)
    }

    fn next_end(&self, now: UnixMillis) -> Result<Option<UnixMillis>, SqlError> {
        self.next_ended_transfer(now)
    }
}
