use crate::model::{AccountId, AppId, Environment, UnixSeconds};
use serde::{Deserialize, Serialize};

/// An App as somebody sees it who is asked to let it act for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConsentApp {
    pub id: AppId,
    pub name: String,
    pub description: String,
    /// Empty where none is set, like the other texts.
    pub website_url: String,
    pub organization_name: String,
    pub organization_url: String,
    pub terms_url: String,
    pub privacy_url: String,
    /// `null` for a standalone App.
    pub environment: Option<Environment>,
}

/// What an App asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConsentRequest {
    pub app: ConsentApp,
    /// What it will be able to do, a sentence each.
    pub may: Vec<String>,
    /// What it will not be able to do.
    pub may_not: Vec<String>,
    /// Where the answer goes: the host of the callback, or empty for a PIN.
    pub returns_to: String,
    /// Whether the signed-in user let this App act for them before.
    pub is_known: bool,
    /// The account to ask for at sign-in, if the App named one.
    pub screen_name: String,
    /// Whether to ask for the password even of somebody who is signed in.
    pub force_login: bool,
}

/// A value that was received, or that is registered, to be compared by the
/// App's developer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Fact {
    pub name: String,
    pub value: String,
}

/// Why nobody can be asked, for the App's developer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConsentProblem {
    pub title: String,
    /// What is wrong and what to do, in a sentence or two.
    pub detail: String,
    /// What was received, and what is registered.
    pub facts: Vec<Fact>,
    /// A registered place to go back to, with the error; empty where none is known.
    pub return_url: String,
}

/// What a consent page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", content = "content", rename_all = "kebab-case")]
pub enum Consent {
    Ask(ConsentRequest),
    /// The user has agreed before: go there at once.
    Redirect(String),
    Problem(ConsentProblem),
}

/// The user's answer to an App's request.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DecideConsentRequest {
    /// The query of the consent page, without the question mark.
    pub query: String,
    /// The account that the page showed: no other may answer for it.
    pub account_id: AccountId,
    pub approve: bool,
}

/// What follows from the user's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", content = "content", rename_all = "kebab-case")]
pub enum ConsentOutcome {
    /// Go there.
    Redirect(String),
    /// Type this into the App.
    Pin(String),
    /// Nothing was given. Where to go back to; empty for nowhere.
    Denied(String),
    Problem(ConsentProblem),
}

/// An App that acts for the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConnectedApp {
    pub app: ConsentApp,
    /// What it may do, a sentence each.
    pub may: Vec<String>,
    pub granted_at: UnixSeconds,
    /// The start of the day (UTC) on which it last acted; `null` where it never did.
    pub last_used_on: Option<UnixSeconds>,
}

/// The Apps that act for the account, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConnectedAppList {
    pub apps: Vec<ConnectedApp>,
}

/// How many users let an App act for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AppUsers {
    pub count: u64,
}
