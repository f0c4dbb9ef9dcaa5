//! A line of the list of URLs.

use leptos::prelude::*;
use std::sync::atomic::{AtomicU32, Ordering};

/// One line of the list.
#[derive(Clone)]
pub struct Line {
    /// Stays with it when others go, and belongs to no other line ever.
    pub key: u32,
    /// Counted, not owned by what made it: a line outlives the button that added it.
    pub url: ArcRwSignal<String>,
}

impl Line {
    pub fn new(url: impl Into<String>) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        Self { key: NEXT.fetch_add(1, Ordering::Relaxed), url: ArcRwSignal::new(url.into()) }
    }
}
