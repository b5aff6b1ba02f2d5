//! fails: the_task_that_polled_it_last_counts
//! says: That clone can wake task A alone
//!
//! The bell rings for the newest task, whichever task a waker was made for.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

struct Bell {
    task: Mutex<Waker>,
    rung: AtomicBool,
    waits: AtomicBool,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.rung.store(true, Ordering::SeqCst);
        let task = self.task.lock().unwrap().clone();
        task.wake();
    }
}

pub struct Watched<F> {
    future: Pin<Box<F>>,
    bell: Arc<Bell>,
    waker: Waker,
}

pub struct Report {
    bell: Arc<Bell>,
}

pub fn watch<F: Future>(future: F) -> (Watched<F>, Report) {
    let task = Mutex::new(Waker::noop().clone());
    let bell = Arc::new(Bell { task, rung: AtomicBool::new(false), waits: AtomicBool::new(false) });
    let waker = Waker::from(bell.clone());
    (Watched { future: Box::pin(future), bell: bell.clone(), waker }, Report { bell })
}

impl Report {
    pub fn is_lost(&self) -> bool {
        let ours = 3;
        self.bell.waits.load(Ordering::SeqCst)
            && Arc::strong_count(&self.bell) == ours
            && !self.bell.rung.load(Ordering::SeqCst)
    }
}

impl<F: Future> Future for Watched<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.get_mut();
        this.bell.waits.store(false, Ordering::SeqCst);
        let task = context.waker().clone();
        let before = std::mem::replace(&mut *this.bell.task.lock().unwrap(), task);
        drop(before);
        this.bell.rung.store(false, Ordering::SeqCst);
        let poll = this.future.as_mut().poll(&mut Context::from_waker(&this.waker));
        this.bell.waits.store(poll.is_pending(), Ordering::SeqCst);
        poll
    }
}

impl<F> Drop for Watched<F> {
    fn drop(&mut self) {
        self.bell.waits.store(false, Ordering::SeqCst);
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
