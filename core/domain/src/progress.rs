//! Work that may have to wait, and mostly has not.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// How far some work has come.
pub enum Progress<'a, T> {
    Done(T),
    Waiting(Pin<Box<dyn Future<Output = T> + 'a>>),
}

/// Takes work as far as it goes without waiting: most is done then, and costs
/// no promise.
///
/// Where it has to wait, the same future goes on; whoever polls it next is
/// woken, as each poll names its waker anew.
pub fn start<'a, T>(mut work: Pin<Box<dyn Future<Output = T> + 'a>>) -> Progress<'a, T> {
    match work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => Progress::Done(done),
        Poll::Pending => Progress::Waiting(work),
    }
}
