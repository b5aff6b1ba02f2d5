//! A load balancer sends each request to the server that has the fewest requests in flight. `in_flight` tells it how many
//! there are. A request counts from the first poll of `handle` until `handle` has returned, has panicked or has been
//! dropped. From that moment on it does not count.
//!
//! A client may hang up at any time, and then its `handle` is dropped. The request is dropped with it, because nobody waits
//! for its answer any more. When a request panics, its `handle` panics, too.
//!
//! In `cargo run`, three clients hang up. The server has nothing left to do and reports three requests in flight.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
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

    pub async fn handle<T: Send + 'static>(&self, request: impl Future<Output = T> + Send + 'static) -> T {
        self.in_flight.fetch_add(1, Ordering::SeqCst);
        let answer = request.await;
        self.in_flight.fetch_sub(1, Ordering::SeqCst);
        answer
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
