//! fails: a_request_may_ask_how_many_are_in_flight
//! says: lock that is held
//!
//! The destructor drops the request while it holds the lock of the count.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{sleep, timeout};

/// Clones are the same server.
#[derive(Clone, Default)]
pub struct Server {
    in_flight: Arc<Mutex<usize>>,
}

impl Server {
    pub fn in_flight(&self) -> usize {
        *lock(&self.in_flight)
    }

    pub fn handle<T: Send + 'static>(
        &self,
        request: impl Future<Output = T> + Send + 'static,
    ) -> impl Future<Output = T> + Send {
        Handle { request: Some(Box::pin(request)), count: Arc::clone(&self.in_flight), counted: false }
    }
}

fn lock(count: &Mutex<usize>) -> MutexGuard<'_, usize> {
    count.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Handle<T> {
    request: Option<Pin<Box<dyn Future<Output = T> + Send>>>,
    count: Arc<Mutex<usize>>,
    counted: bool,
}

impl<T> Handle<T> {
    fn end(&mut self) {
        let mut count = lock(&self.count);
        self.request = None;
        *count -= usize::from(std::mem::take(&mut self.counted));
    }
}

impl<T> Future for Handle<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        if !self.counted {
            *lock(&self.count) += 1;
            self.counted = true;
        }
        let request = self.request.as_mut().expect("not polled after it was ready");
        let poll = request.as_mut().poll(context);
        if poll.is_ready() {
            self.end();
        }
        poll
    }
}

impl<T> Drop for Handle<T> {
    fn drop(&mut self) {
        self.end();
    }
}

async fn page() -> &'static str {
    sleep(Duration::from_secs(5)).await;
    "the page"
}

#[tokio::main]
async fn main() {
    let server = Server::default();
    for client in 1..=3 {
        let patience = Duration::from_millis(100);
        if timeout(patience, server.handle(page())).await.is_err() {
            println!("client {client} hangs up; in flight: {}", server.in_flight());
        }
    }
}
