//! Describes the deployment to the portal.

use crate::model::{CredentialForm, ErrorForm, Limit, Permission, PlanLimits, ScopeSummary};
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
