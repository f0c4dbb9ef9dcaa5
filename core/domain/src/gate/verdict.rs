//! What the gate says about a request.

use crate::gate::{Answer, Refused};
use crate::upstream::Identity;

/// What the gate says about a request.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    Forward(Identity),
    /// The deployment answers by itself.
    Answer(Answer),
    Refuse(Refused),
}
