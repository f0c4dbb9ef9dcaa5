//! Keeps a secret out of logs and comparisons.

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// A text that acts for somebody. It has no `Debug`, `Serialize` or `==`, is
/// wiped when dropped, and leaves only through [`Secret::reveal`].
pub struct Secret(Zeroizing<String>);

impl Secret {
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// Compares in a time that tells only whether the lengths differ.
    pub fn matches(&self, presented: &str) -> bool {
        self.0.as_bytes().ct_eq(presented.as_bytes()).into()
    }

    /// The text itself, for the one who may have it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}
