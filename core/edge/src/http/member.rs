//! The members of a developer account, and invitations to it.

use super::body::{BodyError, read_json};
use super::reply::Response;
use super::router::Exchange;
use gatehouse_domain::account::UniqueName;
use gatehouse_domain::invitation::{draw_invitation_code, invitation_id};
use gatehouse_domain::message::account::AccountCall;
use gatehouse_domain::message::developer_account::{CreateInvitation, DeveloperAccountCall, Invitee};
use gatehouse_domain::portal_error::{Missing, PortalError};
use gatehouse_domain::ports::EdgePorts;
use gatehouse_shared::api::{CreateInvitationRequest, CreatedInvitation, UpdateMemberRequest};
use gatehouse_shared::model::AccountId;
use gatehouse_shared::problem::FieldError;

impl<R: EdgePorts> Exchange<'_, R> {
    pub(super) async fn update_member(&self) -> Result<Response, BodyError> {
        let UpdateMemberRequest { role } = read_json(self.request)?;
        self.pass_developer(DeveloperAccountCall::UpdateMember { account: self.member_id()?, role }).await
    }

    pub(super) async fn remove_member(&self) -> Result<Response, BodyError> {
        self.pass_developer(DeveloperAccountCall::RemoveMember { account: self.member_id()? }).await
    }

    /// Invites an account, which is told the code, or whoever has the link,
    /// whose code only this answer bears.
    pub(super) async fn create_invitation(&self) -> Result<Response, BodyError> {
        let request = read_json::<CreateInvitationRequest>(self.request)?.check()?;
        let code = draw_invitation_code(&self.isolate.runtime);
        let (id, role) = (invitation_id(&code), request.role);
        let (invitee, shown) = match request.username {
            Some(username) => (Some(self.invitee(username, code).await?), None),
            None => (None, Some(code)),
        };
        let call = CreateInvitation { id, role, invitee };
        let invitation = self.ask_developer(DeveloperAccountCall::CreateInvitation(call)).await?;
        Ok(Response::ok(&CreatedInvitation { invitation, invitation_code: shown })?)
    }

    pub(super) async fn revoke_invitation(&self) -> Result<Response, BodyError> {
        let id = self.params.get("invitation_id").to_owned();
        self.pass_developer(DeveloperAccountCall::RevokeInvitation { id }).await
    }

    /// The code of the invitation in the path.
    pub(super) fn invitation_code(&self) -> String {
        self.params.get("invitation_code").to_owned()
    }

    fn member_id(&self) -> Result<AccountId, PortalError> {
        self.params.get("account_id").parse().map_err(|_| PortalError::NotFound(Missing::Member))
    }

    async fn invitee(&self, username: String, code: String) -> Result<Invitee, BodyError> {
        let name = UniqueName::username(&username);
        // A name may be reserved for an account that is not there yet.
        if let Some(account) = self.isolate.find_owner(&name).await.map_err(PortalError::from)?
            && self.isolate.read_account::<bool>(account, AccountCall::HoldsName(name)).await?
        {
            return Ok(Invitee { account, username, code });
        }
        let message = "No account has this username. Check its spelling, or invite with a link.";
        Err(PortalError::Invalid(vec![FieldError::new("username", "unknown", message)]).into())
    }
}
