//! Which screen an address shows: the table that the Worker reads too. The router's own would grow the program by two
//! kilobytes for each path.

pub use gatehouse_shared::page::Page as Screen;
