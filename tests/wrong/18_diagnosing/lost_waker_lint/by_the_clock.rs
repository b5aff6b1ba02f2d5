//! fails: a_future_that_forgets_its_waker_is_lost
//! says: nobody can wake the task any more

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

pub struct Watched<F> {
    future: Pin<Box<F>>,
    since: Arc<Mutex<Option<Instant>>>,
}

pub struct Report {
    since: Arc<Mutex<Option<Instant>>>,
}

pub fn watch<F: Future>(future: F) -> (Watched<F>, Report) {
    let since = Arc::new(Mutex::new(None));
    (Watched { future: Box::pin(future), since: since.clone() }, Report { since })
}

impl Report {
    pub fn is_lost(&self) -> bool {
        self.since.lock().unwrap().is_some_and(|since| since.elapsed() > Duration::from_secs(60))
    }
}

impl<F: Future> Future for Watched<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.get_mut();
        let poll = this.future.as_mut().poll(context);
        *this.since.lock().unwrap() = poll.is_pending().then(Instant::now);
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
