//! Work that may have to wait, and mostly has not.

use std::future::poll_fn;
use std::pin::{Pin, pin};
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

/// Does work that may have to wait; tells whether it had to.
pub async fn noting_wait<T>(work: impl Future<Output = T>) -> (T, bool) {
    let mut work = pin!(work);
    let mut has_waited = false;
    let done = poll_fn(|context| {
        let polled = work.as_mut().poll(context);
        has_waited |= polled.is_pending();
        polled
    })
    .await;
    (done, has_waited)
}
