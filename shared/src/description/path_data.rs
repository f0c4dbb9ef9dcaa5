//! Describes which signs in a path the API takes as data.

use serde::{Deserialize, Serialize};

/// Which signs an API takes as data where other APIs take them to divide a
/// path: `path_data` in `api.toml`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathData {
    /// `%2F` is a slash inside a segment, and divides none.
    #[serde(default)]
    pub slash: bool,
    /// `;` is a letter like any other, and begins no parameters.
    #[serde(default)]
    pub semicolon: bool,
}

impl PathData {
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}
