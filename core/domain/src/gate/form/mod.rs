//! The two forms in which a version's clients read errors.

pub(super) mod codes;
pub(super) mod problem;
