//! What a developer account can be asked, and what each call needs of its caller.

use super::{
    AnswerTransfer, CreateApp, CreateInvitation, CreateProject, EnsureBearerToken, OfferTransfer, Parcel, PutTransfer,
    ReplaceCredential, SetAppStatus, SubmitApplication,
};
use crate::account::UniqueName;
use crate::credential::Which;
use crate::message::activity::ActivityFilter;
use crate::message::credential::{CredentialUse, HeldRoot};
use gatehouse_shared::api::{
    Access, ActorKind, AttachAppRequest, CredentialKind, DecideApplicationRequest, TransferSubject, UpdateAppRequest,
    UpdateProjectRequest,
};
use gatehouse_shared::model::{AccountId, AppId, DecisionKind, MemberRole, PlanLimits, ProjectId, UnixSeconds};
use serde::{Deserialize, Serialize};

/// What a call needs of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Whoever is signed in; the call itself says for whom it is.
    Account,
    /// A member of at least this role; the application may be in any state.
    Member(MemberRole),
    /// A member of at least this role, of an approved developer account.
    Approved(MemberRole),
    /// An operator who may make calls of this access.
    Operator(Access),
    Internal,
}

impl Need {
    /// The access that a call proves, made on behalf of somebody who is signed in.
    pub fn access(self) -> Access {
        match self {
            Self::Member(role) | Self::Approved(role) => match role {
                MemberRole::Viewer => Access::Viewer,
                MemberRole::Developer => Access::Developer,
                MemberRole::Admin => Access::Admin,
                MemberRole::Owner => Access::Owner,
            },
            Self::Account => Access::Account,
            Self::Operator(_) | Self::Internal => Access::Public,
        }
    }

    /// What a route needs that takes members from this role on.
    fn of_route(role: MemberRole) -> Self {
        match role {
            MemberRole::Viewer | MemberRole::Owner => Self::Member(role),
            MemberRole::Developer | MemberRole::Admin => Self::Approved(role),
        }
    }
}

/// What a developer account can be asked.
#[derive(Serialize, Deserialize)]
pub enum DeveloperAccountCall {
    /// Nothing but the check that the caller may call a route that takes members from this role on.
    Require(MemberRole),
    /// Publishes all that the deployment must know of it. Answers [`Published`](gatehouse_shared::api::Published).
    PublishAgain,
    /// The records that KV should have, by key, and the targets that something waits for.
    ReadRecords,
    FindApplication,
    SubmitApplication(SubmitApplication),
    DecideApplication(DecideApplicationRequest),
    FindDashboard {
        limits: PlanLimits,
    },
    ListActivity(ActivityFilter),
    ListMembers,
    UpdateMember {
        account: AccountId,
        role: MemberRole,
    },
    /// Removes a member; the caller, where it is their own account.
    RemoveMember {
        account: AccountId,
    },
    CreateInvitation(CreateInvitation),
    RevokeInvitation {
        id: String,
    },
    FindInvitation {
        code: String,
    },
    AcceptInvitation {
        code: String,
    },
    DeclineInvitation {
        code: String,
    },
    CreateProject(CreateProject),
    FindProject {
        project_id: ProjectId,
        limits: PlanLimits,
    },
    UpdateProject {
        project_id: ProjectId,
        request: UpdateProjectRequest,
        limits: PlanLimits,
    },
    DeleteProject {
        project_id: ProjectId,
        confirm_name: String,
    },
    CreateApp(CreateApp),
    FindApp {
        app_id: AppId,
    },
    UpdateApp {
        app_id: AppId,
        request: UpdateAppRequest,
        /// Drawn for an App that has none yet.
        client_id: Option<String>,
    },
    DeleteApp {
        app_id: AppId,
        confirm_name: String,
    },
    AttachApp {
        app_id: AppId,
        request: AttachAppRequest,
        limits: PlanLimits,
    },
    DetachApp {
        app_id: AppId,
    },
    OfferTransfer(OfferTransfer),
    WithdrawTransfer {
        subject: TransferSubject,
        limits: PlanLimits,
    },
    AcceptTransfer {
        id: String,
        limits: PlanLimits,
    },
    DeclineTransfer {
        id: String,
    },
    /// The developer account's name, if something may be offered to it.
    DescribeReceiver,
    /// What another developer account says of its offer.
    PutTransfer(PutTransfer),
    /// What another developer account answers to an offer.
    AnswerTransfer(AnswerTransfer),
    /// What another developer account gave, after its offer was accepted.
    TakeParcel(Box<Parcel>),
    ReplaceCredential(ReplaceCredential),
    UpdateCredential {
        app_id: AppId,
        kind: CredentialKind,
        expires_at: Option<UnixSeconds>,
    },
    RevokeCredential {
        app_id: AppId,
        kind: CredentialKind,
        which: Which,
    },
    /// Whether the caller may generate an Access Token for an App. Answers
    /// `(OwnTokenTerms, AppView)`; see [`OwnTokenTerms`](crate::message::account::OwnTokenTerms).
    AllowOwnToken {
        app_id: AppId,
    },
    EnsureBearerToken(EnsureBearerToken),
    /// On which days credentials let requests pass.
    RecordUses(Vec<CredentialUse>),
    /// All that the secrets of its Apps are derived from.
    ReadRoots,
    /// Roots that rest on another master key now.
    PutRoots(Vec<HeldRoot>),
    /// One of its Apps, as an [`AskingApp`](super::AskingApp).
    FindConsentApp {
        app_id: AppId,
        user: Option<AccountId>,
    },
    /// What the gate would read of one of its Apps, and newer; `is_missing` where KV has nothing.
    ReadAppRecord {
        app_id: AppId,
        is_missing: bool,
    },
    /// A note that only operators see.
    CreateNote {
        text: String,
    },
    FindRecord {
        limits: PlanLimits,
    },
    SetAppStatus(SetAppStatus),
    /// Whether an App uses a name.
    HoldsName {
        name: UniqueName,
        app_id: AppId,
    },
}

impl DeveloperAccountCall {
    /// Who is behind a call that comes from the deployment itself.
    pub fn internal_actor(&self) -> ActorKind {
        match self {
            Self::EnsureBearerToken(_) | Self::RevokeCredential { .. } => ActorKind::App,
            _ => ActorKind::Deployment,
        }
    }

    pub fn need(&self) -> Need {
        match self {
            Self::HoldsName { .. }
            | Self::DescribeReceiver
            | Self::PutTransfer(_)
            | Self::AnswerTransfer(_)
            | Self::TakeParcel(_)
            | Self::EnsureBearerToken(_)
            | Self::RecordUses(_)
            | Self::FindConsentApp { .. }
            | Self::ReadAppRecord { .. } => Need::Internal,
            Self::Require(role) => Need::of_route(*role),
            Self::FindApplication
            | Self::FindDashboard { .. }
            | Self::ListActivity(_)
            | Self::FindProject { .. }
            | Self::FindApp { .. }
            | Self::ListMembers
            | Self::RemoveMember { .. } => Need::Member(MemberRole::Viewer),
            Self::FindInvitation { .. } | Self::AcceptInvitation { .. } | Self::DeclineInvitation { .. } => {
                Need::Account
            }
            Self::SubmitApplication(_) => Need::Member(MemberRole::Owner),
            Self::CreateProject(_)
            | Self::UpdateProject { .. }
            | Self::CreateApp(_)
            | Self::UpdateApp { .. }
            | Self::AttachApp { .. }
            | Self::DetachApp { .. }
            | Self::ReplaceCredential(_)
            | Self::UpdateCredential { .. }
            | Self::RevokeCredential { .. }
            | Self::AllowOwnToken { .. } => Need::Approved(MemberRole::Developer),
            Self::DeleteProject { .. }
            | Self::DeleteApp { .. }
            | Self::OfferTransfer(_)
            | Self::WithdrawTransfer { .. }
            | Self::AcceptTransfer { .. }
            | Self::DeclineTransfer { .. }
            | Self::UpdateMember { .. }
            | Self::CreateInvitation(_)
            | Self::RevokeInvitation { .. } => Need::Approved(MemberRole::Admin),
            Self::FindRecord { .. } | Self::CreateNote { .. } => Need::Operator(Access::Support),
            // Who reviews does not suspend.
            Self::DecideApplication(call) => Need::Operator(match call.decision {
                DecisionKind::Suspend | DecisionKind::Reinstate => Access::Administrator,
                DecisionKind::Approve | DecisionKind::Decline | DecisionKind::RequestInformation => Access::Reviewer,
            }),
            Self::SetAppStatus(_) | Self::ReadRoots | Self::PutRoots(_) | Self::PublishAgain | Self::ReadRecords => {
                Need::Operator(Access::Administrator)
            }
        }
    }
}
