//! Notices changed sources, for `serve --dev`.

use crate::workspace::Workspace;
use anyhow::{Context, Result};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};
use std::{
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

/// What a build reads.
const SOURCES: [&str; 9] =
    ["shared", "core", "functions", "frontend", "sample-api", "docs", "Cargo.toml", "Cargo.lock", "index.html"];

pub struct Sources {
    events: Receiver<notify::Result<Event>>,
    /// Watches as long as it lives.
    _watcher: RecommendedWatcher,
}

impl Sources {
    pub fn watch(workspace: &Workspace) -> Result<Self> {
        let (sender, events) = channel();
        let mut watcher = notify::recommended_watcher(sender)?;
        for source in SOURCES {
            let path = workspace.root.join(source);
            if path.exists() {
                watcher.watch(&path, RecursiveMode::Recursive).with_context(|| format!("cannot watch {source}"))?;
            }
        }
        Ok(Self { events, _watcher: watcher })
    }

    /// Whether something was written since the last call; waits until a burst of writes is over.
    pub fn have_changed(&mut self) -> bool {
        let mut changed = false;
        while let Ok(event) = self.events.recv_timeout(Duration::from_millis(if changed { 200 } else { 0 })) {
            changed |= event.is_ok_and(|event| !event.kind.is_access());
        }
        changed
    }
}
