//! Declares what the activity logs show.

use crate::model::{AccountId, AppId, ProjectId, UnixSeconds};
use serde::{Deserialize, Serialize};

/// What kind of actor did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ActorKind {
    /// A person, for themselves or as a member of a developer account.
    Account,
    Operator,
    /// An App, with credentials of its own or with what a person gave it.
    App,
    /// The deployment itself, as a consequence of something else.
    Deployment,
}

impl ActorKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Operator => "operator",
            Self::App => "app",
            Self::Deployment => "deployment",
        }
    }
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Actor {
    pub kind: ActorKind,
    /// `null` unless it is a person whose account is known.
    pub account_id: Option<AccountId>,
    /// Empty where there is no account.
    pub username: String,
    /// The role at that time, such as `owner`; empty for what people do for themselves.
    pub role: String,
}

impl Actor {
    /// One that is no person.
    pub fn of(kind: ActorKind) -> Self {
        Self { kind, account_id: None, username: String::new(), role: String::new() }
    }
}

/// What a change did to one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FieldChange {
    pub field: String,
    /// Empty where there was nothing; long texts are cut, and secrets are never in it.
    pub from: String,
    pub to: String,
}

/// What operations are about, to filter by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum OperationGroup {
    /// Sign-ins, sessions and the password.
    SignIn,
    /// What people let Apps do.
    Consents,
    Credentials,
    /// Settings of Apps and Projects.
    Apps,
    Members,
    /// Applications, and what operators decide.
    Review,
}

impl OperationGroup {
    pub const ALL: [Self; 6] =
        [Self::SignIn, Self::Consents, Self::Credentials, Self::Apps, Self::Members, Self::Review];

    /// The name in queries and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::Consents => "consents",
            Self::Credentials => "credentials",
            Self::Apps => "apps",
            Self::Members => "members",
            Self::Review => "review",
        }
    }

    /// The group of an operation.
    pub fn of(operation: &str) -> Self {
        let is_about = |words: &[&str]| words.iter().any(|word| operation.contains(word));
        match operation {
            "grant_app" | "revoke_connected_app" | "end_authorization" | "approve_consent" | "withdraw_consent" => {
                Self::Consents
            }
            "submit_application"
            | "decide_application"
            | "update_account_status"
            | "update_app_status"
            | "update_operator" => Self::Review,
            "update_sign_in" => Self::Apps,
            _ if is_about(&["credential", "overlap"]) => Self::Credentials,
            _ if is_about(&["member", "invitation"]) => Self::Members,
            _ if is_about(&["session", "password", "account"]) => Self::SignIn,
            _ => Self::Apps,
        }
    }
}

/// One thing that happened in an account or a developer account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ActivityEntry {
    pub at: UnixSeconds,
    /// The operation, such as `create_app`.
    pub operation: String,
    /// What it was done to, in words; empty where the operation says it all.
    pub subject: String,
    pub app_id: Option<AppId>,
    /// The Project, or the one that the App was in.
    pub project_id: Option<ProjectId>,
    /// Of an operator only that it was one.
    pub actor: Actor,
    /// From what to what, over all repeats.
    pub changes: Vec<FieldChange>,
    /// How often it was done: repeats by one actor within an hour are one entry, with the
    /// time and the subject of the last of them.
    pub count: u32,
}

/// The newest entries, newest first: at most 100 that concern access and 100
/// others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ActivityList {
    pub entries: Vec<ActivityEntry>,
}
