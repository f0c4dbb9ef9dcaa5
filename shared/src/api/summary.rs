use crate::description::{CredentialForm, ErrorForm, Limit};
use crate::model::Permission;
use crate::validate::Rules;
use serde::{Deserialize, Serialize};

/// How developer applications are approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ApprovalMode {
    /// An operator decides.
    Review,
    /// Every complete application is approved at once.
    Auto,
}

/// How many things an account may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PlanLimits {
    pub projects: u32,
    pub apps_per_project: u32,
    /// Standalone Apps and those in Projects together.
    pub apps: u32,
    /// Requests a month for each Project.
    pub monthly_cap: u64,
}

impl PlanLimits {
    /// Requests a month for all Projects of an account together, whichever
    /// they are, where each may have `monthly_cap`.
    pub fn account_cap(&self, monthly_cap: u64) -> u64 {
        monthly_cap.saturating_mul(u64::from(self.projects))
    }
}

/// One version of the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VersionSummary {
    pub name: String,
    pub prefix: String,
    /// Whether an App must be in a Project to use it.
    pub needs_project: bool,
    pub errors: ErrorForm,
    /// Of all paths together that are not listed.
    pub limit: Limit,
    pub routes: Vec<RouteSummary>,
}

/// One documented route of the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RouteSummary {
    pub methods: Vec<String>,
    pub path: String,
    pub summary: String,
    pub credentials: Vec<CredentialForm>,
    pub permission: Permission,
    /// What an OAuth 2.0 access token needs.
    pub scopes: Vec<String>,
    pub limit: Limit,
}

/// What an App may ask for with OAuth 2.0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ScopeSummary {
    pub name: String,
    /// What it allows, a sentence for the user who is asked.
    pub text: String,
    /// The permission that an App must have to ask for it.
    #[serde(default)]
    pub permission: Permission,
}

/// What everybody may know of the deployment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ApiSummary {
    pub name: String,
    pub summary: String,
    /// Where the terms can be read; empty where there are none.
    pub terms_url: String,
    pub approval: ApprovalMode,
    pub limits: PlanLimits,
    /// For how many seconds a credential that was revoked, or any other change, may still be decided on as before.
    pub freshness_seconds: u64,
    pub rules: Rules,
    pub versions: Vec<VersionSummary>,
    pub scopes: Vec<ScopeSummary>,
}

impl ApiSummary {
    /// The permissions that mean something with this API, lowest first.
    pub fn permissions(&self) -> Vec<Permission> {
        let routes = self.versions.iter().flat_map(|version| &version.routes).map(|route| route.permission);
        Permission::levels(routes.chain(self.scopes.iter().map(|scope| scope.permission))).collect()
    }
}
