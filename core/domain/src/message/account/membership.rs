//! What an Account knows of the developer accounts that it is a member of.

use gatehouse_shared::api::{CredentialView, ReceivedInvitation};
use gatehouse_shared::model::{AccountId, AppId, ApplicationState, DeveloperAccountId, MemberRole, UnixSeconds};
use serde::{Deserialize, Serialize};

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signer {
    pub account: AccountId,
    pub username: String,
    /// The developer account that they may apply for; `None` for an operator.
    pub own_developer_account: Option<DeveloperAccountId>,
    /// Those that they are a member of, their own among them.
    pub developer_accounts: Vec<DeveloperAccountId>,
    /// Their Access Tokens for the App that was asked about.
    pub own_tokens: Vec<CredentialView>,
    /// If asked for: the App of each of their own Access Tokens that expires, and when.
    pub own_expiries: Vec<(AppId, UnixSeconds)>,
}

/// How an account belongs to a developer account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// Of the developer account.
    pub name: String,
    pub role: MemberRole,
    pub application_state: ApplicationState,
}

/// What a developer account says of a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PutMembership {
    pub developer: DeveloperAccountId,
    /// `None` once they are no member any more.
    pub membership: Option<Membership>,
    /// Of the developer account's change; an older one never replaces a newer one.
    pub version: u64,
}

/// What a developer account says of an invitation for the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PutInvitation {
    pub developer: DeveloperAccountId,
    /// `None` once it was answered or taken back.
    pub invitation: Option<ReceivedInvitation>,
    /// Of the developer account's change; an older one never replaces a newer one.
    pub version: u64,
}
