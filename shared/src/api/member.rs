//! Declares the requests and responses about the members of a developer account and invitations to it.

use crate::model::{AccountId, DeveloperAccountId, MemberRole, UnixSeconds};
use crate::problem::FieldError;
use crate::validate::{Check, Violation};
use serde::{Deserialize, Serialize};

/// One member of a developer account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MemberView {
    pub account_id: AccountId,
    pub username: String,
    pub role: MemberRole,
    /// When they became a member.
    pub since: UnixSeconds,
}

/// An invitation that nobody has answered, as members see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InvitationView {
    pub id: String,
    pub role: MemberRole,
    /// Whom it is for; `null` where it is for whoever has the link.
    pub username: Option<String>,
    /// The username of the member who invited.
    pub invited_by: String,
    pub created_at: UnixSeconds,
    pub expires_at: UnixSeconds,
}

/// The members of a developer account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MemberList {
    /// Owners first.
    pub members: Vec<MemberView>,
    /// Empty for members below the role Admin. Newest first.
    pub invitations: Vec<InvitationView>,
}

/// Invites somebody to a developer account.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateInvitationRequest {
    /// The account to invite. Without it, the invitation is for whoever has the link.
    #[serde(default)]
    pub username: Option<String>,
    pub role: MemberRole,
}

impl CreateInvitationRequest {
    /// Applies the rules; gives the request with its texts trimmed.
    pub fn check(mut self) -> Result<Self, Vec<FieldError>> {
        let mut check = Check::default();
        if let Some(username) = &mut self.username {
            *username = username.trim().to_owned();
            if username.is_empty() {
                let message = "Enter a username, or leave it out to get a link.".into();
                check.refuse("username", Violation { rule: "required", message });
            }
        }
        check.finish(self)
    }
}

/// A new invitation.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CreatedInvitation {
    pub invitation: InvitationView,
    /// The code that the link bears, shown once; `null` where the invitation is for an account.
    pub invitation_code: Option<String>,
}

/// An invitation as whoever is invited sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReceivedInvitation {
    pub developer_account_id: DeveloperAccountId,
    /// Of the developer account.
    pub name: String,
    /// What answers it: `/api/developer-accounts/{developer_account_id}/invited/{invitation_code}`.
    pub invitation_code: String,
    pub role: MemberRole,
    /// The username of the member who invited.
    pub invited_by: String,
    pub expires_at: UnixSeconds,
}

/// Gives a member another role.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateMemberRequest {
    pub role: MemberRole,
}
