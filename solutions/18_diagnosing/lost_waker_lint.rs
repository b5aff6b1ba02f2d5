//! A future is lost when no way leads back to its task, and a waker of our own sees whether one does.
//!
//! `Pending` alone says nothing. What counts is what the future did with the waker, so it is polled with a `Bell` around the
//! waker of the task. There are two ways to keep the promise of `Pending`: the waker was called, which the flag tells, or
//! somebody still has a clone that can be called, which the `Arc` counts. `yield_now` does the first without the second, and
//! a sleep the second without the first.
//!
//! Nothing is decided in `poll`. A clone may be dropped hours later, together with the event that kept it. So `is_lost` looks
//! at the count when somebody asks. It reads the count before the flag: a clone on another thread first raises the flag, and then
//! it is gone. The other way round, that could happen between the two looks, and a false alarm would come of it.
//!
//! One bell for each task, not for each future and not for each poll. With a single bell that always rings for the newest task,
//! a future that keeps a stale waker would be healed by the tool that should find it. With a new bell for each poll, `will_wake`
//! would never say yes: a correct event would keep one more waker after each poll, and a future that rightly left its
//! waker where it was would be called lost.
//!
//! The lock is held for a look, and never while foreign code runs: the future, or a waker that is called, cloned or
//! dropped.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

/// Passes wakes on to one task, and remembers them.
struct Bell {
    task: Waker,
    /// Whether it was called since the latest poll began.
    rung: AtomicBool,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        // First the flag: an executor may poll the future right here, inside of the next line.
        self.rung.store(true, Ordering::SeqCst);
        self.task.wake_by_ref();
    }
}

/// The bell of the latest poll, while the future waits.
type Waiting = Arc<Mutex<Option<Arc<Bell>>>>;

pub struct Watched<F> {
    future: Pin<Box<F>>,
    waiting: Waiting,
}

pub struct Report {
    waiting: Waiting,
}

pub fn watch<F: Future>(future: F) -> (Watched<F>, Report) {
    let waiting = Waiting::default();
    (Watched { future: Box::pin(future), waiting: waiting.clone() }, Report { waiting })
}

impl Report {
    pub fn is_lost(&self) -> bool {
        let waiting = self.waiting.lock().unwrap();
        // One `Arc` is in `waiting`. Each waker that the future has kept is another one.
        waiting.as_ref().is_some_and(|bell| Arc::strong_count(bell) == 1 && !bell.rung.load(Ordering::SeqCst))
    }
}

impl<F: Future> Future for Watched<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.get_mut();
        // A future that is being polled does not wait, nor does one that panics meanwhile.
        let before = this.waiting.lock().unwrap().take();
        let bell = match before {
            Some(bell) if bell.task.will_wake(context.waker()) => {
                // This poll answers all wakes before it.
                bell.rung.store(false, Ordering::SeqCst);
                bell
            }
            _ => Arc::new(Bell { task: context.waker().clone(), rung: AtomicBool::new(false) }),
        };
        let waker = Waker::from(bell.clone());
        let poll = this.future.as_mut().poll(&mut Context::from_waker(&waker));
        if poll.is_pending() {
            *this.waiting.lock().unwrap() = Some(bell);
        }
        poll
    }
}

impl<F> Drop for Watched<F> {
    fn drop(&mut self) {
        // Nobody waits for it any more. The bell is dropped at the end, when the guard is gone.
        let _bell = self.waiting.lock().unwrap().take();
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
