//! Names the forms in which the gate answers errors.

use serde::{Deserialize, Serialize};

/// The form of the gate's error answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ErrorForm {
    /// `{"errors":[{"code":…,"message":…}]}`
    Codes,
    /// `application/problem+json`
    Problem,
}
