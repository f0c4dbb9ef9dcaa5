//! Limits how many things an account has.

use serde::{Deserialize, Serialize};

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
