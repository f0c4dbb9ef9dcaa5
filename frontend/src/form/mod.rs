//! The form shell and the fields that live in it. A form made of these can't forget its pending or error states. Pages of
//! developers and operators are not left without a question while something other than a password is typed in one.

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
