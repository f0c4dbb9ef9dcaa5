//! The texts of the pages of a Project.

pub const ACTIVITY: &str = "Activity";
pub const ACTIVITY_EMPTY: &str = "Changes to this Project and its Apps appear here.";
pub const NEW: &str = "New Project";
pub const CREATED: &str = "Project created.";
pub const NAME_HINT: &str = "The product that its Apps belong to.";
pub const DESCRIPTION_HINT: &str = "One sentence, 10 to 200 characters.";
pub const USE_CASE_HINT: &str = "How this Project uses the API, and for whom.";
pub const APP_NAME_HINT: &str = "Must be unique. People see it when they authorize your App.";
pub const APP_DESCRIPTION_HINT: &str = "What it does, for the people who use it.";
pub const MISSING: &str = "There’s no such Project, or you aren’t a member of its developer account.";
pub const SETTINGS: &str = "Settings";
pub const SAVED: &str = "Project saved.";
pub const OFFERED: &str = "Project offered.";
pub const WITHDRAWN: &str = "Offer taken back.";
pub const FULL: &str = "This Project has reached its limit of Apps.";
pub const NO_APPS: &str = "No Apps yet";
pub const NO_APPS_WHY: &str = "Add one App per environment: development, staging, and production.";
pub const DELETE_EMPTY: &str = "This Project has no Apps, so deleting it won’t break anything.";
pub const ALL_APPS: &str = "Includes all Apps in this Project.";

pub fn ready(project: &str, app: &str) -> String {
    format!("{project} and its App {app} are ready.")
}

pub fn shared_cap(requests: &str) -> String {
    format!("All Apps in this Project share {requests} requests per month.")
}

pub fn delete_full(apps: &str) -> String {
    format!("It still has {apps}. Delete or detach them first.")
}
