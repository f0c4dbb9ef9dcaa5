//! The page that an address shows. The Worker reads the same table. The routes of `leptos_router` would add two
//! kilobytes to the program for each path.

pub use gatehouse_shared::page::Page as PageRoute;
