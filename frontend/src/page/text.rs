//! What the pages say that belong to no subject: an address that leads nowhere, and a page that did not load.

pub const NOT_FOUND: &str = "Page not found";
pub const NOT_FOUND_LEAD: &str = "There’s nothing at this address. Check the link for typos.";
pub const TO_START: &str = "Go to the start page";
pub const READ_DOCS: &str = "Read the docs";

pub const NOT_LOADED: &str = "This page didn’t load";
pub const NOT_LOADED_WHY: &str =
    "The portal may have been updated to a new version, or your connection was interrupted.";
pub const RELOAD: &str = "Reload";
