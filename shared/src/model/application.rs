//! Describes a developer application, its states and its history.

use super::UnixSeconds;
use serde::{Deserialize, Serialize};

/// Where a developer's application stands.
///
/// none → in review ⇄ more information requested → approved | declined (may
/// apply again); approved ⇄ suspended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ApplicationState {
    None,
    InReview,
    MoreInformationRequested,
    Approved,
    Declined,
    Suspended,
}

impl ApplicationState {
    /// Every state, in the order in which an application meets them.
    pub const ALL: [Self; 6] =
        [Self::None, Self::InReview, Self::MoreInformationRequested, Self::Approved, Self::Declined, Self::Suspended];

    /// The state's name in JSON, URLs and storage.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::InReview => "in-review",
            Self::MoreInformationRequested => "more-information-requested",
            Self::Approved => "approved",
            Self::Declined => "declined",
            Self::Suspended => "suspended",
        }
    }

    /// Whether the applicant may send the application form now.
    pub fn takes_submission(self) -> bool {
        matches!(self, Self::None | Self::MoreInformationRequested | Self::Declined)
    }
}

/// What an operator may decide about an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum DecisionKind {
    Approve,
    Decline,
    RequestInformation,
    Suspend,
    Reinstate,
}

impl DecisionKind {
    /// The state that this decision leads to, or `None` where it does not apply.
    pub fn applied_to(self, state: ApplicationState) -> Option<ApplicationState> {
        use ApplicationState as S;
        match (self, state) {
            (Self::Approve, S::InReview | S::MoreInformationRequested) => Some(S::Approved),
            (Self::Decline, S::InReview | S::MoreInformationRequested) => Some(S::Declined),
            (Self::RequestInformation, S::InReview) => Some(S::MoreInformationRequested),
            (Self::Suspend, S::Approved) => Some(S::Suspended),
            (Self::Reinstate, S::Suspended) => Some(S::Approved),
            _ => None,
        }
    }
}

/// What an applicant wants the API for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    Product,
    InternalTools,
    Research,
    Education,
    Personal,
}

impl Purpose {
    pub const ALL: [Self; 5] = [Self::Product, Self::InternalTools, Self::Research, Self::Education, Self::Personal];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::InternalTools => "internal-tools",
            Self::Research => "research",
            Self::Education => "education",
            Self::Personal => "personal",
        }
    }

    /// What the portal calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Product => "Product or service",
            Self::InternalTools => "Internal tools",
            Self::Research => "Research",
            Self::Education => "Education",
            Self::Personal => "Personal project",
        }
    }
}

/// What a developer said about themselves when they applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeveloperApplication {
    /// How the API will be used, in the developer's words.
    pub use_case: String,
    pub purpose: Purpose,
    /// The organization applied for; empty for a person.
    pub organization: String,
    /// When the terms were accepted.
    pub terms_accepted_at: UnixSeconds,
}

/// One change of an application's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ApplicationEvent {
    pub at: UnixSeconds,
    pub state: ApplicationState,
    /// Why, as the developer reads it; empty where nothing was said.
    pub reason: String,
    /// Whether the operator made the change (otherwise the developer or a setting).
    pub by_operator: bool,
}
