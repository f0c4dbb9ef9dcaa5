//! What a Ledger can do, and what each call needs of its caller.

use super::{
    ChangePassword, CreateAccount, CreateApp, CreateProject, CredentialUse, EnsureAccessToken, EnsureBearerToken,
    HeldRoot, HoldsName, NewSession, NoteConsent, ReplaceCredential, SetAppStatus, StartFamily, SubmitApplication,
};
use crate::app::Which;
use crate::consent::Catalog;
use gatehouse_shared::api::{
    Access, AttachAppRequest, CredentialKind, DecideApplicationRequest, SetAccountStatusRequest, UpdateAppRequest,
    UpdateProjectRequest,
};
use gatehouse_shared::credential::Serial;
use gatehouse_shared::model::{AppId, PlanLimits, ProjectId, UnixSeconds};
use serde::{Deserialize, Serialize};

/// What a call needs of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    Nothing,
    Session,
    Approved,
    OperatorSession,
    Operator,
    Internal,
}

impl Need {
    /// The access that a call proves, made on behalf of whoever has a session.
    pub fn access(self) -> Access {
        match self {
            Self::Session => Access::Account,
            Self::Approved => Access::Approved,
            Self::OperatorSession => Access::Operator,
            Self::Nothing | Self::Operator | Self::Internal => Access::Public,
        }
    }
}

/// What a Ledger can do.
#[derive(Serialize, Deserialize)]
pub enum LedgerCall {
    CreateAccount(CreateAccount),
    ReadLogin,
    /// Opens a session for a password that fits this hash: the account's own,
    /// unless it was changed since. Answers with the account.
    OpenSession {
        session: NewSession,
        checked_hash: Option<String>,
    },
    FindSession,
    /// Nothing but the check that the caller is signed in.
    RequireSession,
    /// Nothing but the check that the caller is an approved developer.
    RequireApproval,
    /// Nothing but the check that the caller is an operator.
    RequireOperator,
    CloseSession,
    ListSessions,
    RevokeSession {
        id: String,
    },
    ChangePassword(ChangePassword),
    ListActivity {
        app_id: Option<AppId>,
    },
    FindApplication,
    SubmitApplication(SubmitApplication),
    DecideApplication(DecideApplicationRequest),
    FindDashboard {
        limits: PlanLimits,
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
    EnsureBearerToken(EnsureBearerToken),
    /// On which days credentials let requests pass.
    RecordUses(Vec<CredentialUse>),
    /// What the API may tell of an account.
    ReadProfile,
    /// All that secrets are derived from, with the account's id.
    ReadRoots,
    /// Roots that rest on another master key now.
    PutRoots(Vec<HeldRoot>),
    /// One of the account's Apps, as an [`AskingApp`].
    FindConsentApp {
        app_id: AppId,
    },
    /// What the account lets an App do, or `null`.
    FindGrant {
        app_id: AppId,
    },
    /// The same as the gate would read it, and newer; `is_missing` where KV has nothing.
    ReadGrantRecord {
        app_id: AppId,
        is_missing: bool,
    },
    /// What the gate would read of one of the account's Apps, and newer; `is_missing` where KV has nothing.
    ReadAppRecord {
        app_id: AppId,
        is_missing: bool,
    },
    /// Ends what the account lets an App do: the App was deleted.
    EndGrant {
        app_id: AppId,
    },
    /// The user agreed to a request token; answers whether that is new.
    NoteConsent(NoteConsent),
    /// Takes that back: another answer to the token was quicker.
    WithdrawConsent {
        app_id: AppId,
        serial: Serial,
    },
    EnsureAccessToken(EnsureAccessToken),
    StartFamily(StartFamily),
    /// Uses a code or a refresh token up; answers [`Advanced`].
    AdvanceFamily {
        app_id: AppId,
        serial: Serial,
        presented: u32,
    },
    RevokeFamily {
        app_id: AppId,
        serial: Serial,
    },
    /// Revokes the account's Access Token of OAuth 1.0a for an App, its own Apps included.
    RevokeAccessToken {
        app_id: AppId,
        serial: Serial,
    },
    RevokeConnectedApp {
        app_id: AppId,
    },
    ListConnectedApps {
        catalog: Catalog,
    },
    FindAccountRecord {
        limits: PlanLimits,
    },
    SetAccountStatus(SetAccountStatusRequest),
    SetAppStatus(SetAppStatus),
    HoldsName(HoldsName),
}

impl LedgerCall {
    pub fn need(&self) -> Need {
        match self {
            Self::CreateAccount(_)
            | Self::ReadLogin
            | Self::OpenSession { .. }
            | Self::HoldsName(_)
            | Self::EnsureBearerToken(_)
            | Self::RecordUses(_)
            | Self::ReadProfile
            | Self::FindConsentApp { .. }
            | Self::FindGrant { .. }
            | Self::ReadGrantRecord { .. }
            | Self::ReadAppRecord { .. }
            | Self::EndGrant { .. }
            | Self::EnsureAccessToken(_)
            | Self::AdvanceFamily { .. }
            | Self::RevokeFamily { .. }
            | Self::RevokeAccessToken { .. } => Need::Internal,
            // Answers "nobody" to a caller without a session.
            Self::FindSession => Need::Nothing,
            Self::RequireOperator => Need::OperatorSession,
            Self::RequireSession
            | Self::CloseSession
            | Self::ListSessions
            | Self::RevokeSession { .. }
            | Self::ChangePassword(_)
            | Self::ListActivity { .. }
            | Self::FindApplication
            | Self::SubmitApplication(_)
            | Self::FindDashboard { .. }
            | Self::FindProject { .. }
            | Self::FindApp { .. }
            | Self::NoteConsent(_)
            | Self::WithdrawConsent { .. }
            | Self::StartFamily(_)
            | Self::RevokeConnectedApp { .. }
            | Self::ListConnectedApps { .. } => Need::Session,
            Self::RequireApproval
            | Self::CreateProject(_)
            | Self::UpdateProject { .. }
            | Self::DeleteProject { .. }
            | Self::CreateApp(_)
            | Self::UpdateApp { .. }
            | Self::DeleteApp { .. }
            | Self::AttachApp { .. }
            | Self::DetachApp { .. }
            | Self::ReplaceCredential(_)
            | Self::UpdateCredential { .. }
            | Self::RevokeCredential { .. } => Need::Approved,
            Self::DecideApplication(_)
            | Self::FindAccountRecord { .. }
            | Self::SetAccountStatus(_)
            | Self::SetAppStatus(_)
            | Self::ReadRoots
            | Self::PutRoots(_) => Need::Operator,
        }
    }
}
