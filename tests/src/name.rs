//! Names that no other test uses.

use crate::unix_time;
use std::{
    process,
    sync::atomic::{AtomicU64, Ordering},
};

static COUNT: AtomicU64 = AtomicU64::new(0);

/// A name that no other test has, not even another run's on the same data: `stem` of up to four letters and fifteen
/// letters and digits. It is a good username and a good App name.
pub fn unique(stem: &str) -> String {
    let now = base36(u64::try_from(unix_time().as_micros()).unwrap_or_default());
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let rest = format!("{}{}", base36(count % 36), base36(u64::from(process::id()) % 46_656));
    format!("{stem}{now}{rest}")
}

fn base36(mut number: u64) -> String {
    let mut digits = Vec::new();
    loop {
        digits.push(char::from_digit((number % 36) as u32, 36).unwrap_or('0'));
        number /= 36;
        if number == 0 {
            return digits.into_iter().rev().collect();
        }
    }
}
