//! The texts of the page of members.

use gatehouse_shared::model::MemberRole;

pub const TITLE: &str = "Members";
pub const MISSING: &str = "There’s no such developer account, or you aren’t a member of it.";
pub const YOU: &str = "You";
pub const MEMBER: &str = "Member";
pub const ROLE: &str = "Role";
pub const SINCE: &str = "Since";
pub const ACTIONS: &str = "Actions";
pub const CHANGE_ROLE: &str = "Change role";
pub const REMOVE: &str = "Remove";
pub const LEAVE: &str = "Leave";
pub const LAST_OWNER: &str = "The last Owner can’t leave or take a lower role. Make another member an Owner first.";

pub fn lead(name: &str) -> String {
    format!("People who share the Projects and Apps of {name}.")
}

/// For users of screen readers, where a button alone says only what it does.
pub fn action_on(action: &str, username: &str) -> String {
    format!("{action}: {username}")
}

pub mod role {
    use super::MemberRole;

    pub const FIELD: &str = "Role";
    pub const SAVE: &str = "Save role";
    pub const AT_ONCE: &str = "The new role holds at once. A member who becomes a Viewer loses the Access Tokens that they generated for its Apps.";

    pub fn title(username: &str) -> String {
        format!("Change the role of {username}")
    }

    pub fn saved(username: &str, role: MemberRole) -> String {
        format!("{username} is now {}.", role.label())
    }
}

pub mod removal {
    pub const REMOVE: &str = "Remove member";
    pub const LEAVE: &str = "Leave developer account";
    pub const OTHER_CREDENTIALS: &str =
        "The other credentials of its Apps keep working. Regenerate those that they may know.";
    pub const COME_BACK: &str = "To come back, you need a new invitation.";

    pub fn remove_title(username: &str) -> String {
        format!("Remove {username}?")
    }

    pub fn leave_title(name: &str) -> String {
        format!("Leave {name}?")
    }

    /// Before the bound within which every gate knows of it.
    pub fn removed_loses(username: &str, name: &str) -> String {
        format!(
            "{username} loses access to the Projects and Apps of {name} at once. Access Tokens that they generated for its Apps \
             stop working."
        )
    }

    pub fn leaver_loses(name: &str) -> String {
        format!(
            "You lose access to the Projects and Apps of {name} at once. Access Tokens that you generated for its Apps stop \
             working."
        )
    }

    pub fn removed(username: &str) -> String {
        format!("{username} is no longer a member.")
    }

    pub fn left(name: &str) -> String {
        format!("You left {name}.")
    }
}

pub mod invite {
    pub const ACTION: &str = "Invite";
    pub const HOW: &str = "Invite";
    pub const BY_USERNAME: &str = "By username";
    pub const BY_USERNAME_HINT: &str = "For somebody with an account here.";
    pub const BY_LINK: &str = "By link";
    pub const BY_LINK_HINT: &str = "For one person, also without an account.";
    pub const USERNAME: &str = "Username";
    pub const USERNAME_HINT: &str = "They see the invitation on their dashboard for 7 days.";
    pub const ROLE: &str = "Role";
    pub const SEND: &str = "Send invitation";
    pub const CREATE_LINK: &str = "Create link";
    pub const LINK_TITLE: &str = "Copy the invitation link";
    pub const LINK: &str = "Invitation link";
    pub const LINK_ONCE: &str = "You see this link only now. The first person who opens it and accepts becomes a member. It works \
                                 once, for 7 days.";
    pub const DONE: &str = "Done";

    pub fn title(name: &str) -> String {
        format!("Invite to {name}")
    }

    pub fn sent(username: &str) -> String {
        format!("{username} is invited.")
    }
}

pub mod open {
    pub const TITLE: &str = "Open invitations";
    pub const LEAD: &str = "An invitation can be accepted for 7 days.";
    pub const NONE: &str = "Nobody is invited at the moment.";
    pub const BY_LINK: &str = "Whoever has the link";
    pub const INVITED_BY: &str = "Invited by ";
    pub const EXPIRES: &str = "Expires ";
    pub const TAKE_BACK: &str = "Take back";
    pub const TAKEN_BACK: &str = "Invitation taken back.";
}

pub mod roles {
    use super::MemberRole;

    pub const TITLE: &str = "What each role may do";
    pub const LEAD: &str = "A secret is shown once, to the member who generates it.";
    pub const MAY: &str = "May";

    /// Stands before the abilities of a role, except for the lowest.
    pub fn all_of(before: MemberRole) -> String {
        format!("Everything that the role {} may do", before.label())
    }
}
