//! Keeps what lives longer than a page: the session, the API's description and the theme. Loads data, runs tasks, and
//! records what the user would lose by leaving the page.

mod description;
mod leaving;
mod new_app;
mod refresh;
mod remote;
mod session;
mod task;
mod theme;

pub use description::{Description, use_description};
pub use leaving::{Departure, Leaving, Loss};
pub use new_app::{NewApp, use_new_app};
pub use refresh::refresh_while;
pub use remote::{Load, Remote};
pub use session::{Demotion, Session, SessionState, use_session};
pub use task::Task;
pub use theme::Theme;
