//! What Gatehouse knows: accounts, applications, Projects and Apps.

mod account;
mod app;
mod application;
mod client;
mod credential_form;
mod date;
mod error_form;
mod id;
mod limit;
mod member;
mod operator;
mod plan;
mod project;
mod scope;
mod time;

pub use account::{AccountStatus, Role};
pub use app::{AppSettings, AppStatus, Environment, Permission};
pub use application::{ApplicationEvent, ApplicationState, DecisionKind, DeveloperApplication, Purpose};
pub use client::ClientType;
pub use credential_form::CredentialForm;
pub use date::{CivilDate, DAY_SECONDS, Month, MonthError, MonthNumber, month_of};
pub use error_form::ErrorForm;
pub use id::{AccountId, AppId, DeveloperAccountId, IdError, ProjectId};
pub use limit::Limit;
pub use member::MemberRole;
pub use operator::OperatorRole;
pub use plan::PlanLimits;
pub use project::ProjectSettings;
pub use scope::ScopeSummary;
pub use time::{UnixMillis, UnixSeconds};
