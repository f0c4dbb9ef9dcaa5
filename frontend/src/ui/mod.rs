//! Primitives that know no API: what the pages are made of.

mod chart;
mod code;
mod copy;
mod dialog;
mod empty;
mod field;
mod icon;
mod loaded;
mod meter;
mod method;
mod monogram;
mod notice;
mod outer_link;
mod skeleton;
mod tabs;
mod tag;
mod time;
mod toast;

pub use chart::{Stack, StackChart};
pub use code::CodeBlock;
pub use copy::{CopyButton, CopyText};
pub use dialog::Dialog;
pub use empty::Empty;
pub use field::{Field, FieldError};
pub use icon::{Icon, IconName, Logo};
pub use loaded::Loaded;
pub use meter::{Level, Meter, percent_text};
pub use method::MethodTag;
pub use monogram::Monogram;
pub use notice::{FailureNotice, Notice, Tone};
pub use outer_link::OuterLink;
pub use skeleton::{CardSkeleton, FormSkeleton};
pub use tabs::{Tab, Tabs};
pub use tag::Tag;
pub use time::{
    Date, LastUsed, Moment, date_text, date_value, day_ago, end_of_day, iso_moment, long_day, moment_text, now,
};
pub use toast::ToastRegion;
