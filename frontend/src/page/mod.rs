//! The pages of the portal, a folder each. A page imports `api`, `form`, `layout`, `state`, `ui` and `widget`, and never
//! another page.

pub mod account;
pub mod app;
pub mod apply;
pub mod consent;
pub mod dashboard;
pub mod docs;
pub mod landing;
pub mod office;
pub mod project;
pub mod sign_in;
