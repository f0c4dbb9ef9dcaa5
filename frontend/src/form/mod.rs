//! The form shell and the fields that live in it. A form made of these can't forget its pending or error states.

mod choice;
mod password;
mod shell;
mod state;
mod text;
mod url_list;

pub use choice::{Checkbox, Choice, RadioCards, SelectField};
pub use password::PasswordField;
pub use shell::{Form, submit};
pub use state::FormState;
pub use text::{TextArea, TextField};
pub use url_list::{Line, UrlList};
