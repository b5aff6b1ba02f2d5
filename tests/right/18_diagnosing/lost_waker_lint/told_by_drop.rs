//! The last clone that is dropped says so itself.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

#[derive(Default)]
struct State {
    /// The number of the latest poll.
    poll: AtomicU64,
    /// Whether that poll returned `Pending`, and is over.
    waits: AtomicBool,
    /// The latest poll whose wakers are all gone, uncalled.
    lost: AtomicU64,
}

struct Relay {
    task: Waker,
    state: Arc<State>,
    poll: AtomicU64,
    called: AtomicBool,
}

impl Wake for Relay {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.called.store(true, Ordering::SeqCst);
        self.task.wake_by_ref();
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        if !self.called.load(Ordering::SeqCst) {
            self.state.lost.fetch_max(self.poll.load(Ordering::SeqCst), Ordering::SeqCst);
        }
    }
}

pub struct Watched<F> {
    future: Pin<Box<F>>,
    relay: Weak<Relay>,
    state: Arc<State>,
}

pub struct Report {
    state: Arc<State>,
}

pub fn watch<F: Future>(future: F) -> (Watched<F>, Report) {
    let state = Arc::new(State::default());
    (Watched { future: Box::pin(future), relay: Weak::new(), state: state.clone() }, Report { state })
}

impl Report {
    pub fn is_lost(&self) -> bool {
        let State { poll, waits, lost } = &*self.state;
        waits.load(Ordering::SeqCst) && lost.load(Ordering::SeqCst) == poll.load(Ordering::SeqCst)
    }
}

impl<F: Future> Future for Watched<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.get_mut();
        this.state.waits.store(false, Ordering::SeqCst);
        let number = this.state.poll.fetch_add(1, Ordering::SeqCst) + 1;
        let relay = match this.relay.upgrade() {
            Some(relay) if relay.task.will_wake(context.waker()) => {
                relay.called.store(false, Ordering::SeqCst);
                relay.poll.store(number, Ordering::SeqCst);
                relay
            }
            _ => Arc::new(Relay {
                task: context.waker().clone(),
                state: this.state.clone(),
                poll: AtomicU64::new(number),
                called: AtomicBool::new(false),
            }),
        };
        this.relay = Arc::downgrade(&relay);
        let waker = Waker::from(relay);
        let poll = this.future.as_mut().poll(&mut Context::from_waker(&waker));
        this.state.waits.store(poll.is_pending(), Ordering::SeqCst);
        poll
    }
}

impl<F> Drop for Watched<F> {
    fn drop(&mut self) {
        self.state.waits.store(false, Ordering::SeqCst);
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
