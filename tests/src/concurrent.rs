//! Requests that arrive at the same moment.

use std::{sync::Barrier, thread};

/// Does the same from many threads at the same moment. Returns what each of them got.
pub fn at_once<T: Send>(attempts: usize, attempt: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let barrier = Barrier::new(attempts);
    thread::scope(|scope| {
        let (barrier, attempt) = (&barrier, &attempt);
        let threads: Vec<_> = (0..attempts)
            .map(|number| {
                scope.spawn(move || {
                    barrier.wait();
                    attempt(number)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("an answer")).collect()
    })
}
