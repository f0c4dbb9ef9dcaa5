//! The portal API on the wire: its routes, requests and responses.

mod ability;
mod account;
mod activity;
mod app;
mod audit;
mod consent;
mod credential;
mod member;
#[cfg(feature = "schema")]
pub mod openapi;
mod project;
mod review;
mod routes;
mod storage;
mod summary;
mod transfer;
mod usage;

pub use ability::Ability;
pub use account::{
    AccountView, ApplicationView, ChangePasswordRequest, DeveloperAccountSummary, SessionInfo, SessionList,
    SessionView, SignInRequest, SignUpRequest, SubmitApplicationRequest,
};
pub use activity::{ActivityEntry, ActivityList, Actor, ActorKind, FieldChange, OperationGroup};
pub use app::{
    AppSummary, AppView, AttachAppRequest, CreateAppRequest, CreatedApp, NamedProject, RegeneratedCredential,
    UpdateAppRequest,
};
pub use audit::{AUDIT_PART_ENTRIES, AuditEntry, AuditFacts, AuditList, AuditMonthList, AuditMonthView, AuditPersonal};
pub use consent::{
    AppUsers, ConnectedApp, ConnectedAppList, Consent, ConsentApp, ConsentOutcome, ConsentProblem, ConsentRequest,
    ConsentTerms, DecideConsentRequest, Fact, RepeatConsentRequest,
};
pub use credential::{
    CredentialKind, CredentialView, IssuedCredentials, NextExpiry, OVERLAP_HOURS, RegenerateCredentialRequest,
    UpdateCredentialRequest,
};
pub use member::{
    CreateInvitationRequest, CreatedInvitation, InvitationView, MemberList, MemberView, ReceivedInvitation,
    UpdateMemberRequest,
};
pub use project::{CreateProjectRequest, CreatedProject, Dashboard, FirstApp, ProjectView, UpdateProjectRequest};
pub use review::{
    AccountList, AccountListItem, AccountRecord, ApplicationCounts, ApplicationQueue, CreateNoteRequest,
    DecideApplicationRequest, DeveloperAccountList, DeveloperAccountListItem, DeveloperAccountRecord, NoteView,
    OperatorList, RederivedCredentials, ReviewedApp, SearchHit, SearchResults, SetAccountStatusRequest,
    SetAppStatusRequest, SetOperatorRoleRequest, StateCount,
};
pub use routes::{Access, Endpoint, MatchError, Method, Params, Route};
pub use storage::{
    CheckedKeys, CopyCursor, CopyPage, CreateStorageTokenRequest, Difference, DifferenceKind, EndedLater, Published,
    RestorePage, Restored, STORAGE_PATH, StorageCall, StoragePurpose, StorageRequest, StorageToken, TableRows,
    Verified,
};
pub use summary::{ApiSummary, ApprovalMode, RouteSummary, VersionSummary};
pub use transfer::{OfferTransferRequest, OfferedTransfer, ReceivedTransfer, TransferSubject};
pub use usage::{AppUsage, DayUsage, Evidence, MonthUsage, ProjectUsage, RefusalList, RefusalView, UsagePart};

use serde::{Deserialize, Serialize};

/// The body of a `DELETE`: the thing's name, typed to confirm.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ConfirmDeletionRequest {
    /// Exactly the name of the Project or App.
    pub confirm_name: String,
}

/// The answer of an operation that has nothing to tell.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Done {}
