//! Notices changed files. They are looked at again and again: an editor may replace a file, and few are looked at.

use std::{
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

const EVERY: Duration = Duration::from_millis(200);

/// What a file holds; none where there is no file.
type Content = Option<Vec<u8>>;

struct Watched {
    file: PathBuf,
    known: Content,
    /// Another content that was seen once: an editor may still be writing.
    seen_once: Option<Content>,
}

pub struct Changes {
    files: Vec<Watched>,
    looked_at: Instant,
}

impl Changes {
    pub fn of(files: impl IntoIterator<Item = PathBuf>) -> Self {
        let watched = |file: PathBuf| Watched { known: fs::read(&file).ok(), file, seen_once: None };
        Self { files: files.into_iter().map(watched).collect(), looked_at: Instant::now() }
    }

    /// Whether a file holds something else than at the last call, and has for two looks.
    pub fn are_there(&mut self) -> bool {
        if self.looked_at.elapsed() < EVERY {
            return false;
        }
        self.looked_at = Instant::now();
        let mut changed = false;
        for watched in &mut self.files {
            let now = fs::read(&watched.file).ok();
            if now == watched.known {
                watched.seen_once = None;
            } else if watched.seen_once.as_ref() == Some(&now) {
                watched.known = now;
                watched.seen_once = None;
                changed = true;
            } else {
                watched.seen_once = Some(now);
            }
        }
        changed
    }
}
