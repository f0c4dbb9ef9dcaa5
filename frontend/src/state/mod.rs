//! What lives longer than a page: the session, the API's description, toasts, the theme. And how data is awaited, and
//! what leaving the page would lose.

mod description;
mod effect;
mod leaving;
mod refresh;
mod remote;
mod session;
mod task;
mod theme;
mod toasts;

pub use description::{Description, use_description};
pub use effect::effect;
pub use leaving::{Departure, Leaving, Loss};
pub use refresh::refresh_while;
pub use remote::{Load, Remote};
pub use session::{Session, SessionState, use_session};
pub use task::Task;
pub use theme::Theme;
pub use toasts::{Toasts, use_toasts};
