//! HTTP: routes to handlers, handlers to objects, reasons to answers.
//!
//! The only part that knows status codes and headers. Handlers are thin: read
//! the request, ask the object that decides, write the answer.

mod account;
mod activity;
mod app;
mod ask;
mod audit;
mod basic_auth;
mod bearer_token;
mod body;
mod challenge;
mod consent;
mod counted;
mod credential;
mod description;
mod guess;
mod headers;
mod invalidate;
mod member;
mod monitoring;
mod oauth1;
mod oauth2;
mod origin;
mod paths;
mod problem;
mod project;
mod protocol_answer;
mod refused;
mod reply;
mod request;
mod review;
mod router;
mod search;
mod session;
mod source;
mod storage;
mod storage_token;
mod transfer;
mod usage;

pub use headers::{asset_headers, forwarded_headers, gate_headers, page_headers};
pub use paths::{is_consent_page, is_page};
pub use problem::to_response;
pub use reply::Response;
pub use request::{BODY_LIMIT, Body, Request};
