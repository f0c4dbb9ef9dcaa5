//! The operator's program as it is run.

mod audit;
mod check;
mod support;
