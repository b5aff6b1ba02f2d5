//! fails: a_handle_that_has_returned_does_not_count
//! says: still exist
//!
//! A future by hand that subtracts when it is dropped.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{sleep, timeout};

/// Clones are the same server.
#[derive(Clone, Default)]
pub struct Server {
    in_flight: Arc<AtomicUsize>,
}

impl Server {
    pub fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::SeqCst)
    }

    pub fn handle<T: Send + 'static>(
        &self,
        request: impl Future<Output = T> + Send + 'static,
    ) -> impl Future<Output = T> + Send {
        Handle { request: Box::pin(request), count: &self.in_flight, begun: false }
    }
}

struct Handle<'a, T> {
    request: Pin<Box<dyn Future<Output = T> + Send>>,
    count: &'a AtomicUsize,
    begun: bool,
}

impl<T> Future for Handle<'_, T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        if !std::mem::replace(&mut self.begun, true) {
            self.count.fetch_add(1, Ordering::SeqCst);
        }
        self.request.as_mut().poll(context)
    }
}

impl<T> Drop for Handle<'_, T> {
    fn drop(&mut self) {
        if self.begun {
            self.count.fetch_sub(1, Ordering::SeqCst);
        }
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
