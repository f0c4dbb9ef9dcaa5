//! Declares the requests and responses about consent: an App asks to act for a user.

use crate::model::{AccountId, AppId, Environment, Permission, UnixSeconds};
use serde::{Deserialize, Serialize};

/// An App as somebody sees it who is asked to let it act for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConsentApp {
    pub id: AppId,
    pub name: String,
    pub description: String,
    /// The developer account that the App belongs to.
    pub developer_name: String,
    /// Empty where none is set, like the other texts.
    pub website_url: String,
    pub organization_name: String,
    pub organization_url: String,
    pub terms_url: String,
    pub privacy_url: String,
    /// `null` for a standalone App.
    pub environment: Option<Environment>,
}

/// What a consent gives. The page that shows it sends it back with the user's
/// answer, so that nothing else is ever given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ConsentTerms {
    /// Of OAuth 1.0a; `null` for OAuth 2.0.
    pub permission: Option<Permission>,
    /// Of OAuth 2.0, in the order of the request.
    pub scopes: Vec<String>,
    /// Whether the App keeps its access while the user is away.
    pub is_lasting: bool,
}

/// What an App asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConsentRequest {
    pub app: ConsentApp,
    /// What the user agrees to.
    pub terms: ConsentTerms,
    /// The same in words: what the App will be able to do, a sentence each.
    pub may: Vec<String>,
    /// What else it can do already, with what the user agreed to earlier.
    pub already: Vec<String>,
    /// What it will not be able to do.
    pub may_not: Vec<String>,
    /// Where the answer goes: the host of the callback, or empty for a PIN.
    pub returns_to: String,
    /// Whether the signed-in user has authorized this App before.
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
    /// What was received; for members of the App's account also what is registered.
    pub facts: Vec<Fact>,
    /// A registered place to go back to, with the error; empty where none is known.
    pub return_url: String,
}

/// What a consent page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", content = "content", rename_all = "kebab-case")]
pub enum Consent {
    Ask(Box<ConsentRequest>),
    /// The user has agreed before: go there at once.
    Redirect(String),
    /// The link was answered, is too old, or was never made here: the user has
    /// to start again in the App.
    Expired,
    Problem(ConsentProblem),
}

/// Sends a user back to an App at once who has agreed to as much before.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RepeatConsentRequest {
    /// The query of the consent page, without the question mark.
    pub query: String,
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
    /// What the page showed, which is what is given. Needed to approve.
    #[serde(default)]
    pub terms: Option<ConsentTerms>,
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
    /// As [`Consent::Expired`]. Nothing was given.
    Expired,
    Problem(ConsentProblem),
}

/// An App that acts for the account, or may begin to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConnectedApp {
    pub app: ConsentApp,
    /// What it may do, a sentence each.
    pub may: Vec<String>,
    /// What the user agreed to and the App has not collected yet.
    pub pending: Vec<String>,
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
