//! The ports in memory, for native tests and simulation; never for serving.
//!
//! SQL runs on real SQLite. Every wait yields once or more often, drawn
//! from a seed, so that one seed is one interleaving; faults strike at a
//! chosen step.

mod kv;
mod world;

pub use kv::MemoryKv;
pub use world::{Fault, MemoryObject, MemoryRuntime, Port, World};
