//! What Gatehouse knows: accounts, applications, Projects and Apps.

mod account;
mod app;
mod application;
mod client;
mod id;
mod project;
mod time;

pub use account::{AccountStatus, Role};
pub use app::{AppSettings, AppStatus, Environment, Permission};
pub use application::{ApplicationEvent, ApplicationState, DecisionKind, DeveloperApplication, Purpose};
pub use client::ClientType;
pub use id::{AccountId, AppId, IdError, ProjectId};
pub use project::ProjectSettings;
pub use time::{UnixMillis, UnixSeconds};
