//! Surrounds every page: header, footer, guards, and the root and heading of a page.

mod account_menu;
mod demotion;
mod guard;
mod header;
mod leave_guard;
mod menu;
mod not_found;
mod page;
mod scroll;
mod shell;
mod sign_in_again;
mod sign_in_form;
mod text;
mod theme_menu;
mod waiting;

pub use demotion::DemotionDialog;
pub use guard::{OperatorOnly, SignedInOnly, here, home, leading_back, use_next};
pub use leave_guard::LeaveGuard;
pub use not_found::NotFoundPage;
pub use page::{Heading, Page, focus_heading};
use scroll::keep_scroll;
pub use shell::Shell;
pub use sign_in_again::SignInAgain;
pub use sign_in_form::SignInForm;
pub use waiting::Waiting;
