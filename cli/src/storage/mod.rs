//! `backup`, `restore`, `publish` and `verify`: all that a deployment keeps, object by object.

pub mod backup;
mod client;
mod contents;
mod ended;
mod file;
mod lock;
mod progress;
pub mod publish;
pub mod restore;
pub mod verify;
mod walk;
