//! The primitives of every page. They know neither the API nor the model, except for a point in time (`UnixSeconds`).

mod chart;
mod code;
mod copy;
mod dialog;
mod effect;
mod empty;
mod facts;
mod field;
mod icon;
mod meter;
mod monogram;
mod notice;
mod number;
mod outer_link;
mod skeleton;
mod tabs;
mod tag;
mod time;
mod toast;
mod toast_region;

pub use chart::{Stack, StackChart};
pub use code::CodeBlock;
pub use copy::{CopyButton, CopyText};
pub use dialog::Dialog;
pub use effect::effect;
pub use empty::Empty;
pub use facts::Facts;
pub use field::{Field, FieldError};
pub use icon::{Icon, IconName, Logo};
pub use meter::{Level, Meter, percent_text};
pub use monogram::Monogram;
pub use notice::{Notice, Tone};
pub use number::{count_text, number_text};
pub use outer_link::OuterLink;
pub use skeleton::{CardSkeleton, FormSkeleton};
pub use tabs::{Tab, Tabs};
pub use tag::Tag;
pub use time::{
    Date, LastUsed, Moment, date_text, date_value, day_ago, end_of_day, iso_moment, long_day, moment_text, now,
};
pub use toast::{Toasts, use_toasts};
pub use toast_region::ToastRegion;
