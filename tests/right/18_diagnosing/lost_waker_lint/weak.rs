//! The report has a weak pointer: no clone is left when it has nothing to point at.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

struct Relay {
    task: Waker,
    called: Arc<AtomicBool>,
}

impl Wake for Relay {
    fn wake(self: Arc<Self>) {
        self.called.store(true, Ordering::SeqCst);
        self.task.wake_by_ref();
    }
}

struct Wait {
    relay: Weak<Relay>,
    called: Arc<AtomicBool>,
}

pub struct Watched<F> {
    future: Pin<Box<F>>,
    relay: Weak<Relay>,
    wait: Arc<Mutex<Option<Wait>>>,
}

pub struct Report {
    wait: Arc<Mutex<Option<Wait>>>,
}

pub fn watch<F: Future>(future: F) -> (Watched<F>, Report) {
    let wait = Arc::new(Mutex::new(None));
    (Watched { future: Box::pin(future), relay: Weak::new(), wait: wait.clone() }, Report { wait })
}

impl Report {
    pub fn is_lost(&self) -> bool {
        match &*self.wait.lock().unwrap() {
            Some(wait) => wait.relay.strong_count() == 0 && !wait.called.load(Ordering::SeqCst),
            None => false,
        }
    }
}

impl<F: Future> Future for Watched<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        *self.wait.lock().unwrap() = None;
        let known = self.relay.upgrade().filter(|relay| relay.task.will_wake(context.waker()));
        let relay = known.unwrap_or_else(|| {
            let called = Arc::default();
            Arc::new(Relay { task: context.waker().clone(), called })
        });
        relay.called.store(false, Ordering::SeqCst);
        let wait = Wait { relay: Arc::downgrade(&relay), called: relay.called.clone() };
        self.relay = wait.relay.clone();
        let waker = Waker::from(relay);
        let poll = self.future.as_mut().poll(&mut Context::from_waker(&waker));
        if poll.is_pending() {
            *self.wait.lock().unwrap() = Some(wait);
        }
        poll
    }
}

impl<F> Drop for Watched<F> {
    fn drop(&mut self) {
        *self.wait.lock().unwrap() = None;
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
