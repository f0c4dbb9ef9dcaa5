use crate::account::{TokenHash, UniqueName};
use crate::app::{AppRecord, Which};
use crate::consent::Catalog;
use crate::credential::{Derived, Root, StoredCredential};
use crate::directory::Owner;
use crate::grant::{Family, GrantRecord, Spent};
use crate::refusal::Refusal;
use gatehouse_shared::api::{
    ApprovalMode, AttachAppRequest, ConsentApp, CreateAppRequest, CreateProjectRequest, CredentialKind,
    DecideApplicationRequest, SetAccountStatusRequest, SetAppStatusRequest, SubmitApplicationRequest, UpdateAppRequest,
    UpdateProjectRequest,
};
use gatehouse_shared::credential::Serial;
use gatehouse_shared::model::{AccountId, AppId, Permission, PlanLimits, ProjectId, Role, UnixSeconds};
use serde::{Deserialize, Serialize};

/// A message to a Ledger.
#[derive(Serialize, Deserialize)]
pub struct LedgerRequest {
    pub account: AccountId,
    pub caller: Caller,
    pub call: LedgerCall,
}

impl LedgerRequest {
    /// A message from another object; it must name no account of its own.
    pub fn internal(call: LedgerCall) -> Self {
        // Only `CreateAccount` reads the account, and it has its own constructor.
        Self { account: AccountId::from_random([0; 8]), caller: Caller::Internal, call }
    }
}

/// On whose behalf a call is made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Caller {
    /// The deployment itself.
    Internal,
    /// Whoever has this session; the Ledger knows whether it is one.
    Session(TokenHash),
    /// An operator whose session was checked at their own Ledger.
    Operator,
}

/// What a call needs of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    Nothing,
    Session,
    Approved,
    OperatorSession,
    Operator,
    Internal,
}

/// The answer to a [`LedgerRequest`].
#[derive(Serialize, Deserialize)]
pub struct Outcome<T> {
    pub result: Result<T, Refusal>,
    /// The App records that this call changed, for the memory of the isolate
    /// that asked.
    #[serde(default = "Vec::new")]
    pub records: Vec<(AppId, AppRecord)>,
    /// The same of grants.
    #[serde(default = "Vec::new")]
    pub grants: Vec<(AppId, AccountId, GrantRecord)>,
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
    pub(super) fn need(&self) -> Need {
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

/// Creates the account, and its first session.
#[derive(Serialize, Deserialize)]
pub struct CreateAccount {
    pub username: String,
    /// Empty for an operator.
    pub email: String,
    /// A PHC string; `None` for the operator, whose password is a setting.
    pub password_hash: Option<String>,
    pub role: Role,
    /// Whether the username is kept for the operator: it is refused as one
    /// that somebody has, after the same calls.
    pub is_reserved: bool,
    pub session: NewSession,
}

/// A session to open.
#[derive(Serialize, Deserialize)]
pub struct NewSession {
    pub id: String,
    pub hash: TokenHash,
    pub user_agent: String,
    /// Tells an operator's sessions apart by what they rest on; empty for a developer's.
    pub rests_on: String,
}

/// What a sign-in is checked against.
#[derive(Serialize, Deserialize)]
pub struct Login {
    pub username: String,
    pub email: String,
    pub password_hash: Option<String>,
    pub role: Role,
}

/// Replaces the password, if it is still the one that was checked.
#[derive(Serialize, Deserialize)]
pub struct ChangePassword {
    pub checked_hash: String,
    pub new_hash: String,
    /// Whether connected Apps lose their access as well.
    pub revoke_apps: bool,
}

#[derive(Serialize, Deserialize)]
pub struct SubmitApplication {
    pub request: SubmitApplicationRequest,
    pub mode: ApprovalMode,
}

/// The id and the first credentials of a new App; drawn by the caller, so
/// that the Ledger needs no randomness and no master key.
#[derive(Serialize, Deserialize)]
pub struct NewApp {
    pub id: AppId,
    pub credentials: Vec<StoredCredential>,
}

#[derive(Serialize, Deserialize)]
pub struct CreateProject {
    pub id: ProjectId,
    pub request: CreateProjectRequest,
    /// Present where the request has an App.
    pub app: Option<NewApp>,
    pub limits: PlanLimits,
}

#[derive(Serialize, Deserialize)]
pub struct CreateApp {
    pub new: NewApp,
    pub request: CreateAppRequest,
    pub limits: PlanLimits,
}

/// Puts a new credential in the place of the one of its kind, which stops at
/// once or after an overlap.
#[derive(Serialize, Deserialize)]
pub struct ReplaceCredential {
    pub app_id: AppId,
    pub credential: StoredCredential,
    pub overlap_seconds: Option<u64>,
}

/// Gives the App's current Bearer Token; `credential` becomes it where there
/// is none, or where it is `instead_of`, which can't be shown any more.
#[derive(Serialize, Deserialize)]
pub struct EnsureBearerToken {
    pub app_id: AppId,
    pub credential: StoredCredential,
    pub instead_of: Option<Serial>,
}

/// Where something that a secret is derived from is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// In an App of the account.
    App(CredentialKind),
    /// The Access Token that the account lets an App have.
    Granted,
    /// An authorization with OAuth 2.0.
    Family,
}

/// Something that a secret is derived from, and where it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldRoot {
    pub app_id: AppId,
    pub place: Place,
    pub root: Root,
}

impl HeldRoot {
    pub(super) fn of_credential(app_id: AppId, stored: &StoredCredential) -> Self {
        Self { app_id, place: Place::App(stored.kind), root: stored.root.clone() }
    }

    /// What is derived from it, for the account that keeps it.
    pub fn derived(&self, account: AccountId) -> Derived {
        match self.place {
            Place::App(kind) => Derived::secret_of(kind, account),
            Place::Granted => Derived::AccessTokenSecret(account),
            Place::Family => Derived::Family(account),
        }
    }
}

/// One of the account's Apps as others are shown it, with what a consent page
/// must know of its settings.
#[derive(Serialize, Deserialize)]
pub struct AskingApp {
    #[serde(flatten)]
    pub app: ConsentApp,
    /// Whether redirects of OAuth 2.0 come without `iss`.
    pub omit_iss: bool,
}

/// Notes what the user agreed to with OAuth 1.0a, until the App redeems it.
#[derive(Serialize, Deserialize)]
pub struct NoteConsent {
    pub app: ConsentApp,
    /// Of the request token.
    pub serial: Serial,
    /// What the page showed.
    pub level: Permission,
}

/// Gives the user's one Access Token for an App, which `credential` becomes
/// where there is none that may as much as was agreed to.
#[derive(Serialize, Deserialize)]
pub struct EnsureAccessToken {
    pub app: ConsentApp,
    pub credential: StoredCredential,
    /// The request token that was redeemed. What the user agreed to with it
    /// tells the token's level; what they took back since gives none.
    pub consent: Serial,
}

/// Begins an authorization with OAuth 2.0.
#[derive(Serialize, Deserialize)]
pub struct StartFamily {
    pub app: ConsentApp,
    pub family: Family,
}

/// Whether a code or a refresh token gave something.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Advanced {
    To(Family),
    /// To where its first use went.
    Again(Family),
    Not(Spent),
}

/// A credential let a request pass on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialUse {
    pub app_id: AppId,
    pub serial: Serial,
    /// Days since 1970-01-01, in UTC.
    pub day: u64,
}

/// What the API may tell of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    pub id: AccountId,
    pub username: String,
    pub created_at: UnixSeconds,
}

#[derive(Serialize, Deserialize)]
pub struct SetAppStatus {
    pub app_id: AppId,
    pub request: SetAppStatusRequest,
}

/// Asks whether a name is in use here by that owner.
#[derive(Serialize, Deserialize)]
pub struct HoldsName {
    pub name: UniqueName,
    pub owner: Owner,
}
