//! What calls about invitations carry.

use gatehouse_shared::model::{AccountId, MemberRole};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub struct CreateInvitation {
    /// The SHA-256 of its code.
    pub id: String,
    pub role: MemberRole,
    /// `None` where it is for whoever has the link.
    pub invitee: Option<Invitee>,
}

/// The account that an invitation is for.
#[derive(Serialize, Deserialize)]
pub struct Invitee {
    pub account: AccountId,
    pub username: String,
    /// The invitation's code, which the account is told.
    pub code: String,
}
