//! What of the shared rules is held against standards, other implementations and the docs.

#![expect(clippy::unwrap_used, reason = "a test may fail by a panic")]

mod credential_formats;
mod oauth1_properties;
mod oauth1_vectors;
mod openapi;
