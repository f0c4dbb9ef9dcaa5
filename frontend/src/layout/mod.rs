//! What surrounds every page, and what a page is made of.

mod account_menu;
mod guard;
mod header;
mod menu;
mod page;
mod scroll;
mod shell;
mod text;
mod theme_menu;
mod waiting;

pub use guard::{OperatorOnly, SignedInOnly, here, home, leading_back, use_next};
pub use page::{Heading, Page, focus_heading};
use scroll::keep_scroll;
pub use shell::Shell;
pub use waiting::Waiting;
