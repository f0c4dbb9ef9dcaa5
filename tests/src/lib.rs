//! A deployment, clients, a browser and proxies: what the tests of the whole product are written with.
//!
//! `cargo xtask test --only system` starts a deployment and says in the environment where it is: `GATEHOUSE_URL`,
//! `GATEHOUSE_OPERATOR_PASSWORD`, `GATEHOUSE_DATA`, `GATEHOUSE_AXE`, `GATEHOUSE_SCREENSHOTS`, and for the clients of
//! others `GATEHOUSE_PYTHON`, `GATEHOUSE_NODE`, `GATEHOUSE_CLIENTS`; `GATEHOUSE_XTASK` is the command itself. A test that misses one of them fails and says so.
//! `cargo xtask prove` sets `GATEHOUSE_PROOF`, `GATEHOUSE_PROOF_FIGURES` and `GATEHOUSE_PROOF_SOAK_MINUTES` besides ([`Proof`]).
//!
//! Tests share that deployment and run side by side: each makes accounts and names of its own.

mod asking_app;
pub mod browser;
mod client;
mod clock;
mod concurrent;
mod consent;
mod deployment;
mod developer;
mod isolates;
mod member;
mod name;
mod poll;
mod previews;
mod program;
mod proof;
mod proxy;
mod proxy_process;
mod random;
mod reply;
mod repository;
mod server;
mod serving;
mod shifted_clock;
mod signer;
mod tls;
mod upstream;
pub mod websocket;
pub mod wire;

pub use asking_app::AskingApp;
pub use client::Client;
pub use clock::unix_time;
pub use concurrent::at_once;
pub use consent::{CALLBACK, OAuth2Client, percent, run_with_user};
pub use deployment::TestDeployment;
pub use developer::{
    PASSWORD, TestApp, application, bearer_token_at, bearer_token_of, first_project, sentence, sign_up_request,
    use_case,
};
pub use name::unique;
pub use poll::{PATIENCE, eventually, poll};
pub use previews::{Previews, Up};
pub use program::{node, python, run};
pub use proof::{Proof, median_and_longest};
pub use proxy::Proxy;
pub use random::Random;
pub use reply::Reply;
pub use server::{Server, free_port};
pub use serving::{Ground, Serving, failed_start, source_tree};
pub use shifted_clock::ShiftedClock;
pub use signer::Signer;
pub use tls::TlsProxy;
pub use upstream::{Upstream, answer_with, header_in};
