//! The texts of the dashboard.

pub const NOT_APPROVED: &str = "Your developer account isn’t approved yet.";
pub const PLAN: &str = "Your plan";
pub const ACTIVITY: &str = "Activity";
pub const ACTIVITY_EMPTY: &str = "Changes to Projects and Apps appear here.";
pub const APPS_PER_PROJECT: &str = "Apps per Project";
pub const MONTHLY_CAP: &str = "requests per Project and month";
pub const NO_PROJECT: &str = "No Projects yet";
pub const NO_PROJECT_WHY: &str = "A Project holds the Apps of one product, one per environment, and gives them access to every API \
                                  version.";
pub const NO_STANDALONE: &str = "No standalone Apps";
pub const NO_STANDALONE_WHY: &str = "A standalone App can call the API versions that don’t need a Project. You can attach it to a \
                                     Project later and keep its keys.";
pub const NO_APPS: &str = "No Apps in this Project yet.";

pub fn used_up(used: usize, limit: u32, what: &str) -> String {
    let s = if limit == 1 { "" } else { "s" };
    format!("You’ve used {used} of {limit} {what}{s}.")
}

pub const MEMBERS: &str = "Members";
pub const ID: &str = "Developer account ID";
pub const NO_DEVELOPER_ACCOUNT: &str = "No developer account";
pub const NO_DEVELOPER_ACCOUNT_WHY: &str =
    "You aren’t a member of any. When somebody invites you to one, the invitation appears here.";

/// Names the developer account whose dashboard this is, and the user’s role.
pub fn lead(name: &str, role: &str) -> String {
    format!("{name} · {role}")
}

pub mod invitation {
    use gatehouse_shared::model::MemberRole;

    /// Before a date.
    pub const EXPIRES: &str = "Expires on ";

    pub fn title(invited_by: &str, name: &str) -> String {
        format!("{invited_by} invites you to {name}")
    }

    /// Before what the role may do.
    pub fn role(role: MemberRole) -> String {
        format!("As {}: ", role.label())
    }

    pub fn answer_to(answer: &str, name: &str) -> String {
        format!("{answer} the invitation to {name}")
    }
}

pub mod transfer {
    use gatehouse_shared::api::TransferSubject;

    pub const ACCEPT: &str = "Accept";
    pub const DECLINE: &str = "Decline";
    pub const ACCEPTED: &str = "Transfer accepted.";
    pub const DECLINED: &str = "Transfer declined.";
    /// Before a date.
    pub const EXPIRES: &str = "Can be accepted until ";
    pub const COUNTS: &str = "The limits of your plan apply. Its keys stay the same.";
    pub const ON_ITS_WAY: &str = "Accepted. It appears here in a moment.";

    pub fn title(from: &str, subject: TransferSubject, name: &str) -> String {
        let what = match subject {
            TransferSubject::App(_) => "App",
            TransferSubject::Project(_) => "Project",
        };
        format!("{from} offers you the {what} {name}")
    }

    pub fn offered_by(username: &str) -> String {
        format!("Offered by {username}.")
    }

    /// The Apps of a Project that is offered.
    pub fn apps(names: &[String]) -> String {
        match names {
            [] => "It has no Apps.".to_owned(),
            [name] => format!("With its App {name}."),
            names => format!("With its Apps {}.", names.join(", ")),
        }
    }

    pub fn answer_to(answer: &str, name: &str) -> String {
        format!("{answer} the transfer of {name}")
    }
}
