//! The pieces that several pages share. They know the model and call no API.

mod abilities;
mod about_app;
mod activity_table;
mod app_list;
mod application_history;
pub mod credentials;
mod environment_choice;
mod environment_tag;
mod expiry;
pub mod invitation_answer;
pub mod labels;
mod loaded;
mod method_tag;
mod not_approved;
mod permission_choice;
mod role_choice;
mod role_note;
pub mod sample_call;
mod usage;

pub use abilities::Abilities;
pub use about_app::AboutApp;
pub use activity_table::ActivityTable;
pub use app_list::AppList;
pub use application_history::ApplicationHistory;
pub use credentials::{CredentialsGone, CredentialsPanel, NewCredentials};
pub use environment_choice::{environment_choices, environment_of};
pub use environment_tag::EnvironmentTag;
pub use expiry::{ExpiryNotice, ExpiryTag};
pub use loaded::Loaded;
pub use method_tag::MethodTag;
pub use not_approved::NotApproved;
pub use permission_choice::{permission_choices, permission_of};
pub use role_choice::{role_choices, role_of};
pub use role_note::RoleNote;
pub use usage::{MonthCard, MonthLine, UsageChart};
