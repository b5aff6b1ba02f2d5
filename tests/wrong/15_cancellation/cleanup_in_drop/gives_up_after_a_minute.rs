//! fails: a_request_counts_while_it_runs
//! says: the request takes too
//!
//! A request that needs longer than a minute panics.

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
        let _counted = Counted::new(&self.in_flight);
        timeout(Duration::from_secs(60), request).await.expect("the request takes too long")
    }
}

/// A request that counts.
struct Counted(Arc<AtomicUsize>);

impl Counted {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(count))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
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
