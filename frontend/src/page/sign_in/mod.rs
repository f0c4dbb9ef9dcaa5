//! The pages for signing in and for signing up.

mod next;
mod sign_in_page;
mod sign_up_page;
mod text;

pub use sign_in_page::SignInPage;
pub use sign_up_page::SignUpPage;
