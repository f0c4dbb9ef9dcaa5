//! What an operator does with Gatehouse, as a library: `gatehouse` and `cargo xtask` have the same commands.

pub mod assemble;
pub mod audit;
pub mod check;
pub mod demo;
pub mod description;
pub mod engine;
pub mod env_file;
pub mod files;
pub mod keys;
pub mod operator;
pub mod portal;
pub mod process;
pub mod program;
pub mod secret;
pub mod serve;
pub mod settings;
#[cfg(feature = "backup")]
pub mod storage;
