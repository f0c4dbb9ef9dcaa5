//! The form shell and its fields. A form made of them always has its pending and error states. The leave guard asks
//! before the user leaves a page with unsaved input, except for a password.

mod choice;
mod choice_fields;
mod failure_notice;
mod line;
mod meanwhile;
mod password;
mod shell;
mod state;
mod text;
mod url_list;
mod value;

pub use choice::Choice;
pub use choice_fields::{Checkbox, RadioCards, SelectField};
pub use failure_notice::FailureNotice;
pub use line::Line;
pub use meanwhile::ChangedMeanwhile;
pub use password::PasswordField;
pub use shell::{Form, Submit, submit};
pub use state::FormState;
pub use text::{TextArea, TextField};
pub use url_list::UrlList;
pub use value::on_or_off;
