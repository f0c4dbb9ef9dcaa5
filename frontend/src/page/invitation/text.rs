//! The texts of the page of an invitation.

pub const TITLE: &str = "Invitation";
pub const SIGNED_OUT: &str = "You’re invited to a developer account";
pub const SIGNED_OUT_LEAD: &str = "Sign in or create an account to see who invites you, and to accept.";
pub const SIGN_UP: &str = "Create an account";
pub const SIGN_IN: &str = "Sign in";

pub const INVITED_BY: &str = "Invited by";
pub const ROLE: &str = "Role";
pub const EXPIRES: &str = "Expires";
pub const YOU: &str = "You join as";

pub const OVER: &str = "This invitation is no longer open";
pub const OVER_LEAD: &str = "It was answered or taken back, is older than 7 days, or is for another account. Ask whoever invited \
                             you for a new one.";
pub const TO_DASHBOARD: &str = "Go to your dashboard";

pub fn title(name: &str) -> String {
    format!("Join {name}")
}

pub fn already(name: &str) -> String {
    format!("You’re already a member of {name}")
}
