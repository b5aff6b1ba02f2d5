//! fails: the_task_that_polled_it_last_counts
//! says: What happened: task A polled the future, which kept a clone of its waker; task B polled the future,
//!
//! Each wake goes to the task which that waker was made for; here old clones are turned to the task that polled last, and count for it.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

/// What became of the waker of one poll.
struct Trace {
    woken: AtomicBool,
    gone: AtomicBool,
}

/// What the wakers that the future sees point to. It lives as long as a clone of them.
struct Probe {
    task: Mutex<Waker>,
    trace: Arc<Trace>,
}

impl Wake for Probe {
    fn wake(self: Arc<Self>) {
        Self::wake_by_ref(&self);
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.trace.woken.store(true, Ordering::SeqCst);
        let task = self.task.lock().unwrap().clone();
        task.wake();
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        self.trace.gone.store(true, Ordering::SeqCst);
    }
}

pub struct Watched<F> {
    future: Pin<Box<F>>,
    probe: Weak<Probe>,
    waits: Arc<Mutex<Option<Arc<Trace>>>>,
}

pub struct Report {
    /// The trace of the latest poll, if that returned `Pending` and nothing has happened since.
    waits: Arc<Mutex<Option<Arc<Trace>>>>,
}

pub fn watch<F: Future>(future: F) -> (Watched<F>, Report) {
    let waits = Arc::new(Mutex::new(None));
    (Watched { future: Box::pin(future), probe: Weak::new(), waits: waits.clone() }, Report { waits })
}

impl Report {
    pub fn is_lost(&self) -> bool {
        let waits = self.waits.lock().unwrap();
        // In this order: a clone that is called and dropped is first called, then gone.
        waits
            .as_ref()
            .is_some_and(|trace| trace.gone.load(Ordering::SeqCst) && !trace.woken.load(Ordering::SeqCst))
    }
}

impl<F: Future> Future for Watched<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.get_mut();
        *this.waits.lock().unwrap() = None;
        let probe = match this.probe.upgrade() {
            Some(probe) => {
                let mut task = context.waker().clone();
                std::mem::swap(&mut task, &mut *probe.task.lock().unwrap());
                probe.trace.woken.store(false, Ordering::SeqCst);
                probe
            }
            None => {
                let trace = Trace { woken: AtomicBool::new(false), gone: AtomicBool::new(false) };
                Arc::new(Probe { task: Mutex::new(context.waker().clone()), trace: Arc::new(trace) })
            }
        };
        this.probe = Arc::downgrade(&probe);
        let trace = probe.trace.clone();
        let waker = Waker::from(probe);
        let poll = this.future.as_mut().poll(&mut Context::from_waker(&waker));
        drop(waker);
        if poll.is_pending() {
            *this.waits.lock().unwrap() = Some(trace);
        }
        poll
    }
}

impl<F> Drop for Watched<F> {
    fn drop(&mut self) {
        *self.waits.lock().unwrap() = None;
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
