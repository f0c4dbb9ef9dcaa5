//! What an Account can be asked, and what each call needs of its caller.

use super::{
    ChangePassword, CreateAccount, EnsureAccessToken, NewSession, NoteConsent, PutInvitation, PutMembership,
    ReplaceOwnToken, StartFamily,
};
use crate::account::UniqueName;
use crate::consent::Catalog;
use crate::credential::Which;
use crate::message::activity::ActivityFilter;
use crate::message::credential::{CredentialUse, HeldRoot};
use gatehouse_shared::api::{Access, ActorKind, SetAccountStatusRequest, StoragePurpose};
use gatehouse_shared::credential::Serial;
use gatehouse_shared::model::{AppId, OperatorRole, UnixSeconds};
use serde::{Deserialize, Serialize};

/// What a call needs of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    Nothing,
    Session,
    /// A session of an operator who may make calls of this access.
    OperatorSession(Access),
    /// An operator who may make calls of this access.
    Operator(Access),
    Internal,
}

impl Need {
    /// The access that a call proves, made on behalf of whoever has a session.
    pub fn access(self) -> Access {
        match self {
            Self::Session => Access::Account,
            Self::OperatorSession(access) => access,
            Self::Nothing | Self::Operator(_) | Self::Internal => Access::Public,
        }
    }
}

/// What an Account can be asked.
#[derive(Serialize, Deserialize)]
pub enum AccountCall {
    CreateAccount(CreateAccount),
    ReadLogin,
    /// Opens a session for a password that fits this hash: the account's own,
    /// unless it was changed since. Answers with the [`SessionInfo`](gatehouse_shared::api::SessionInfo).
    OpenSession {
        session: NewSession,
        checked_hash: Option<String>,
    },
    /// Sign-ins with a wrong password.
    NoteFailedSignIns {
        count: u32,
    },
    FindSession,
    /// Who is signed in, with their own Access Tokens for an App, and with
    /// when those of all Apps expire if wanted. Answers [`Signer`](super::Signer).
    FindSigner {
        app_id: Option<AppId>,
        expiries: bool,
    },
    /// The check that the caller is an operator who may make calls of this access. Answers [`Operator`](crate::operator::Operator).
    RequireOperator(Access),
    CloseSession,
    ListSessions,
    RevokeSession {
        id: String,
    },
    ChangePassword(ChangePassword),
    ListActivity(ActivityFilter),
    /// What the API may tell of an account.
    ReadProfile,
    /// All that the secrets of its grants are derived from.
    ReadRoots,
    /// Roots that rest on another master key now.
    PutRoots(Vec<HeldRoot>),
    /// On which days credentials let requests pass.
    RecordUses(Vec<CredentialUse>),
    /// What a developer account says of its member.
    PutMembership(PutMembership),
    /// What a developer account says of an invitation for the account.
    PutInvitation(PutInvitation),
    /// A member generates an Access Token. Answers with their tokens for the App.
    ReplaceOwnToken(ReplaceOwnToken),
    UpdateOwnToken {
        app_id: AppId,
        expires_at: Option<UnixSeconds>,
    },
    RevokeOwnToken {
        app_id: AppId,
        which: Which,
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
    /// Ends what the account lets an App do: the App was deleted.
    EndGrant {
        app_id: AppId,
    },
    /// Ends the person's own Access Tokens for an App that was given away.
    EndOwnTokens {
        app_id: AppId,
        /// How often it changed hands by now.
        transfers: u32,
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
    /// Uses a code or a refresh token up; answers [`Advanced`](super::Advanced).
    AdvanceFamily {
        app_id: AppId,
        serial: Serial,
        presented: u32,
    },
    RevokeFamily {
        app_id: AppId,
        serial: Serial,
    },
    /// Revokes one of the account's Access Tokens of OAuth 1.0a for an App.
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
    /// Makes a token with which an operator's program reaches the storage of every object, for an hour.
    CreateStorageToken {
        session: NewSession,
        purpose: StoragePurpose,
    },
    /// The [`Operator`](crate::operator::Operator) whose storage token this is, and what it is good for.
    RequireStorageToken,
    EndStorageToken,
    /// Publishes all that the deployment must know of the account. Answers [`Published`](gatehouse_shared::api::Published).
    PublishAgain,
    /// The records that KV should have, by key, and the targets that something waits for.
    ReadRecords,
    FindAccountRecord,
    SetAccountStatus(SetAccountStatusRequest),
    /// A note that only operators see.
    CreateNote {
        text: String,
    },
    /// `None` takes the role back.
    SetOperatorRole(Option<OperatorRole>),
    /// Whether the account uses a name.
    HoldsName(UniqueName),
}

impl AccountCall {
    /// Who is behind a call that comes from the deployment itself.
    pub fn internal_actor(&self) -> ActorKind {
        match self {
            Self::EnsureAccessToken(_)
            | Self::AdvanceFamily { .. }
            | Self::RevokeFamily { .. }
            | Self::RevokeAccessToken { .. } => ActorKind::App,
            _ => ActorKind::Deployment,
        }
    }

    pub fn need(&self) -> Need {
        match self {
            Self::CreateAccount(_)
            | Self::ReadLogin
            | Self::NoteFailedSignIns { .. }
            | Self::OpenSession { .. }
            | Self::HoldsName(_)
            | Self::RecordUses(_)
            | Self::ReadProfile
            | Self::PutMembership(_)
            | Self::PutInvitation(_)
            | Self::FindGrant { .. }
            | Self::ReadGrantRecord { .. }
            | Self::EndGrant { .. }
            | Self::EndOwnTokens { .. }
            | Self::EnsureAccessToken(_)
            | Self::AdvanceFamily { .. }
            | Self::RevokeFamily { .. }
            | Self::RevokeAccessToken { .. } => Need::Internal,
            // Answers "nobody" to a caller without a session.
            Self::FindSession => Need::Nothing,
            // Checks the token by itself.
            Self::RequireStorageToken | Self::EndStorageToken => Need::Nothing,
            Self::CreateStorageToken { .. } => Need::OperatorSession(Access::Administrator),
            Self::RequireOperator(access) => Need::OperatorSession(*access),
            Self::FindSigner { .. }
            | Self::CloseSession
            | Self::ListSessions
            | Self::RevokeSession { .. }
            | Self::ChangePassword(_)
            | Self::ListActivity(_)
            | Self::ReplaceOwnToken(_)
            | Self::UpdateOwnToken { .. }
            | Self::RevokeOwnToken { .. }
            | Self::NoteConsent(_)
            | Self::WithdrawConsent { .. }
            | Self::StartFamily(_)
            | Self::RevokeConnectedApp { .. }
            | Self::ListConnectedApps { .. } => Need::Session,
            Self::FindAccountRecord | Self::CreateNote { .. } => Need::Operator(Access::Support),
            Self::SetAccountStatus(_)
            | Self::SetOperatorRole(_)
            | Self::ReadRoots
            | Self::PutRoots(_)
            | Self::PublishAgain
            | Self::ReadRecords => Need::Operator(Access::Administrator),
        }
    }
}
