//! Every object of a deployment, each once: those that the lists name, and those that a copy of one of these names.

use super::contents::named;
use gatehouse_shared::api::CopyPage;
use std::collections::{BTreeSet, VecDeque};

#[derive(Default)]
pub struct Walk {
    waiting: VecDeque<String>,
    known: BTreeSet<String>,
    /// Those that were copied in an earlier run.
    copied: BTreeSet<String>,
}

impl Walk {
    pub fn add(&mut self, object: String) {
        if self.known.insert(object.clone()) {
            self.waiting.push_back(object);
        }
    }

    /// Takes over what a page of a copy names.
    pub fn note(&mut self, object: &str, page: &CopyPage) {
        for name in named(object, page) {
            self.add(name);
        }
    }

    /// Notes that there is a whole copy already.
    pub fn skip(&mut self, object: &str) {
        self.copied.insert(object.to_owned());
    }

    /// The next object to copy.
    pub fn next(&mut self) -> Option<String> {
        loop {
            let object = self.waiting.pop_front()?;
            if !self.copied.contains(&object) {
                return Some(object);
            }
        }
    }

    /// How many objects are known by now.
    pub fn known(&self) -> usize {
        self.known.len() - self.known.intersection(&self.copied).count()
    }
}
