//! One number for each value of a label.

use super::Label;
use std::cell::Cell;
use std::marker::PhantomData;

pub struct Counts<L> {
    counts: Box<[Cell<u64>]>,
    label: PhantomData<L>,
}

impl<L: Label> Default for Counts<L> {
    fn default() -> Self {
        Self { counts: L::TEXTS.iter().map(|_| Cell::new(0)).collect(), label: PhantomData }
    }
}

impl<L: Label> Counts<L> {
    pub fn add(&self, value: L) {
        self.add_many(value, 1);
    }

    pub fn add_many(&self, value: L, count: u64) {
        if let Some(cell) = self.counts.get(value.place()) {
            cell.set(cell.get() + count);
        }
    }

    pub fn of(&self, value: L) -> u64 {
        self.counts.get(value.place()).map_or(0, Cell::get)
    }

    /// Each value, as it is written, with its count.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, u64)> {
        L::TEXTS.iter().copied().zip(self.counts.iter().map(Cell::get))
    }
}
