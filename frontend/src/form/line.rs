//! A line of the list of URLs.

use leptos::prelude::*;
use std::sync::atomic::{AtomicU32, Ordering};

/// A line of the list.
#[derive(Clone)]
pub struct Line {
    /// Unique, so that a line keeps it when other lines are removed.
    pub key: u32,
    /// Reference counted, because a line outlives the button that added it.
    pub url: ArcRwSignal<String>,
}

impl Line {
    pub fn new(url: impl Into<String>) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        Self { key: NEXT.fetch_add(1, Ordering::Relaxed), url: ArcRwSignal::new(url.into()) }
    }
}
