//! fails: wakes_go_to_their_tasks
//! says: and the future in it 2 times
//!
//! A trial poll first, and then the one that counts.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

#[derive(Default)]
struct Trial {
    rung: AtomicBool,
}

impl Wake for Trial {
    fn wake(self: Arc<Self>) {
        self.rung.store(true, Ordering::SeqCst);
    }
}

pub struct Watched<F> {
    future: Pin<Box<F>>,
    lost: Arc<AtomicBool>,
}

pub struct Report {
    lost: Arc<AtomicBool>,
}

pub fn watch<F: Future>(future: F) -> (Watched<F>, Report) {
    let lost = Arc::new(AtomicBool::new(false));
    (Watched { future: Box::pin(future), lost: lost.clone() }, Report { lost })
}

impl Report {
    pub fn is_lost(&self) -> bool {
        self.lost.load(Ordering::SeqCst)
    }
}

impl<F: Future> Future for Watched<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let trial = Arc::new(Trial::default());
        let waker = Waker::from(trial.clone());
        let poll = self.future.as_mut().poll(&mut Context::from_waker(&waker));
        drop(waker);
        let kept = Arc::strong_count(&trial) > 1 || trial.rung.load(Ordering::SeqCst);
        self.lost.store(poll.is_pending() && !kept, Ordering::SeqCst);
        match poll {
            Poll::Pending => self.future.as_mut().poll(context),
            ready => ready,
        }
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
