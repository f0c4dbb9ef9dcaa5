//! The whole product from outside: one program, so that it is linked once.

mod api;
mod api_headers;
mod browser_apps;
mod durability;
mod edge;
mod forward_auth;
mod forwarding;
mod freshness;
mod looks;
mod panic;
mod portal_access;
mod portal_apps;
mod portal_apps_ways;
mod portal_consent;
mod portal_keeping;
mod portal_onboarding;
mod portal_parts;
mod portal_site;
mod portal_usage;
mod previews;
mod settings;
mod sign_in;
mod signed;
mod signing_interop;
mod sockets;
mod wrong_addresses;
