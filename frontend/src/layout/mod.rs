//! What surrounds every page, and what a page is made of.

mod guard;
mod header;
mod page;
mod shell;

pub use guard::{OperatorOnly, SignedInOnly, here, leading_back, use_next};
pub use page::{Heading, Page, focus_heading};
pub use shell::Shell;
