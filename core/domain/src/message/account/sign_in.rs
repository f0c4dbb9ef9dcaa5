//! What calls about an account and its sessions carry.

use crate::account::TokenHash;
use gatehouse_shared::model::{AccountId, DeveloperAccountId, Role, UnixSeconds};
use serde::{Deserialize, Serialize};

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
    /// The developer account that the person may apply for; `None` for an operator.
    pub own_developer_account: Option<DeveloperAccountId>,
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

/// What the API may tell of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    pub id: AccountId,
    pub username: String,
    pub created_at: UnixSeconds,
}
