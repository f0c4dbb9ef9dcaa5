//! The words for an answer to an invitation, on the dashboard and on the page that its link opens.

pub const ACCEPT: &str = "Accept";
pub const DECLINE: &str = "Decline";

/// Says what the answer did.
pub fn done(developer_account: &str, accepts: bool) -> String {
    if accepts { format!("You’re now a member of {developer_account}.") } else { "Invitation declined.".to_owned() }
}
