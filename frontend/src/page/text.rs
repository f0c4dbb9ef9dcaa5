//! The texts about a page that did not load.

pub const NOT_LOADED: &str = "This page didn’t load";
pub const NOT_LOADED_WHY: &str =
    "The portal may have been updated to a new version, or your connection was interrupted.";
pub const RELOAD: &str = "Reload";
