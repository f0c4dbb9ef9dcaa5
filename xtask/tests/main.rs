//! The developer's commands as they are run, against stand-ins on loopback.

mod deploy;
mod preview;
mod support;
