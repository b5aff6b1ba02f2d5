//! fails: a_request_that_is_dropped_does_not_count
//! says: A request that is over still counts
//!
//! A `select!` whose second branch is for the case that the client hangs up.

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
        tokio::select! {
            answer = request => {
                self.in_flight.fetch_sub(1, Ordering::SeqCst);
                answer
            }
            () = std::future::pending() => {
                self.in_flight.fetch_sub(1, Ordering::SeqCst);
                unreachable!("the client has hung up");
            }
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
