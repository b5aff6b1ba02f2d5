//! fails: the_task_that_polled_it_last_counts
//! says: What happened: task A polled the future, which kept a clone of its waker; task B polled the future,
//!
//! Only the waker of the latest poll counts; here clones that an earlier task has left behind, and their wakes, count too.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

struct Shared {
    pending: AtomicBool,
    woken: AtomicBool,
    probes: AtomicUsize,
}

struct Probe {
    task: Waker,
    shared: Arc<Shared>,
}

impl Wake for Probe {
    fn wake(self: Arc<Self>) {
        Self::wake_by_ref(&self);
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.shared.woken.store(true, Ordering::SeqCst);
        self.task.wake_by_ref();
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        self.shared.probes.fetch_sub(1, Ordering::SeqCst);
    }
}

pub struct Watched<F> {
    future: Pin<Box<F>>,
    probe: Weak<Probe>,
    shared: Arc<Shared>,
}

pub struct Report {
    shared: Arc<Shared>,
}

pub fn watch<F: Future>(future: F) -> (Watched<F>, Report) {
    let shared = Arc::new(Shared {
        pending: AtomicBool::new(false),
        woken: AtomicBool::new(false),
        probes: AtomicUsize::new(0),
    });
    let report = Report { shared: shared.clone() };
    (Watched { future: Box::pin(future), probe: Weak::new(), shared }, report)
}

impl Report {
    pub fn is_lost(&self) -> bool {
        self.shared.pending.load(Ordering::SeqCst)
            && self.shared.probes.load(Ordering::SeqCst) == 0
            && !self.shared.woken.load(Ordering::SeqCst)
    }
}

impl<F: Future> Future for Watched<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.get_mut();
        this.shared.pending.store(false, Ordering::SeqCst);
        this.shared.woken.store(false, Ordering::SeqCst);
        let probe = match this.probe.upgrade() {
            Some(probe) if probe.task.will_wake(context.waker()) => probe,
            _ => {
                let task = context.waker().clone();
                this.shared.probes.fetch_add(1, Ordering::SeqCst);
                Arc::new(Probe { task, shared: this.shared.clone() })
            }
        };
        this.probe = Arc::downgrade(&probe);
        let waker = Waker::from(probe);
        let poll = this.future.as_mut().poll(&mut Context::from_waker(&waker));
        drop(waker);
        this.shared.pending.store(poll.is_pending(), Ordering::SeqCst);
        poll
    }
}

impl<F> Drop for Watched<F> {
    fn drop(&mut self) {
        self.shared.pending.store(false, Ordering::SeqCst);
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
