//! The pieces that several pages share. They know the model and call no API.

pub mod labels;
mod loaded;
mod method_tag;

pub use loaded::Loaded;
pub use method_tag::MethodTag;
