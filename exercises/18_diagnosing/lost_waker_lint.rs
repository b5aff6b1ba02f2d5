//! Once a week, a service hangs, and all of its threads sleep. We suspect a future that returns `Pending`
//! without leaving its waker anywhere. `watch` is meant to find it. It wraps any future, and its `Report`
//! says at any time, on any thread, whether that future is lost.
//!
//! A future is lost if its latest poll returned `Pending` and nothing is left that could wake the task which
//! polled it then: no clone of the waker that this poll was given exists any more, and nobody has called
//! that waker since the poll began. A future that was not polled yet, is being polled, has returned its
//! output, has panicked or was dropped is not lost. What happens to the clones after the poll counts, too.
//!
//! `Watched` only looks. It polls the future when it is polled itself, and passes each wake on, to the task
//! which that waker was made for. While the same task polls, the wakers that the future sees are the same,
//! too, by `will_wake`.
//!
//! `cargo run` watches four futures. One of them is lost; three are called so.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

pub struct Watched<F> {
    future: Pin<Box<F>>,
    pending: Arc<AtomicBool>,
}

pub struct Report {
    pending: Arc<AtomicBool>,
}

pub fn watch<F: Future>(future: F) -> (Watched<F>, Report) {
    let pending = Arc::new(AtomicBool::new(false));
    (Watched { future: Box::pin(future), pending: pending.clone() }, Report { pending })
}

impl Report {
    pub fn is_lost(&self) -> bool {
        self.pending.load(Ordering::SeqCst)
    }
}

impl<F: Future> Future for Watched<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.get_mut();
        let poll = this.future.as_mut().poll(context);
        this.pending.store(poll.is_pending(), Ordering::SeqCst);
        poll
    }
}

/// Polls the future once, and prints what the report says.
async fn look_at(name: &str, future: impl Future) {
    let (watched, report) = watch(future);
    let mut watched = pin!(watched);
    let poll = poll_fn(|context| Poll::Ready(watched.as_mut().poll(context).is_pending())).await;
    println!("{name:22} pending: {poll:5}  lost: {}", report.is_lost());
}

#[tokio::main]
async fn main() {
    look_at("forgets its waker", poll_fn(|_| Poll::<()>::Pending)).await;
    look_at("sleeps for an hour", tokio::time::sleep(Duration::from_secs(3600))).await;
    look_at("yields", tokio::task::yield_now()).await;
    look_at("is ready", std::future::ready(7)).await;
}
