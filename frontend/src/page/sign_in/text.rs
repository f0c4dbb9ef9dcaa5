//! The texts of the pages for signing in and up.

pub const SIGN_IN: &str = "Sign in";
pub const PASSWORD: &str = "Password";
pub const NEW_HERE: &str = "New here? ";

pub const SIGN_UP: &str = "Create an account";
pub const CREATE: &str = "Create account";
pub const USERNAME: &str = "Username";
pub const USERNAME_HINT: &str = "3 to 20 letters, digits, or underscores. Everyone can see it.";
pub const EMAIL: &str = "Email address";
pub const PASSWORD_HINT: &str = "At least 12 characters. A few random words work well.";
pub const HAVE_ACCOUNT: &str = "Already have an account? ";
pub const SESSION_ENDED: &str = "Your session has ended. Sign in to continue.";
