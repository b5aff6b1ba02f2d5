//! fails: a_wait_is_not_lost
//! says: A wait is not a lost waker
//!
//! Counts calls, and not clones.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

struct Bell {
    task: Waker,
    rung: AtomicBool,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.rung.store(true, Ordering::SeqCst);
        self.task.wake_by_ref();
    }
}

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
        waiting.as_ref().is_some_and(|bell| !bell.rung.load(Ordering::SeqCst))
    }
}

impl<F: Future> Future for Watched<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.get_mut();
        let before = this.waiting.lock().unwrap().take();
        let bell = match before {
            Some(bell) if bell.task.will_wake(context.waker()) => {
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
        let before = self.waiting.lock().unwrap().take();
        drop(before);
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
