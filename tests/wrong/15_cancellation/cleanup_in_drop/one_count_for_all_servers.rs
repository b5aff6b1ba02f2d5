//! fails: each_server_has_its_own_count
//! says: One server has
//!
//! A `static` for the count.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::{sleep, timeout};

static IN_FLIGHT: AtomicUsize = AtomicUsize::new(0);

/// Clones are the same server.
#[derive(Clone, Default)]
pub struct Server;

impl Server {
    pub fn in_flight(&self) -> usize {
        IN_FLIGHT.load(Ordering::SeqCst)
    }

    pub async fn handle<T: Send + 'static>(&self, request: impl Future<Output = T> + Send + 'static) -> T {
        IN_FLIGHT.fetch_add(1, Ordering::SeqCst);
        let _counted = Counted;
        request.await
    }
}

struct Counted;

impl Drop for Counted {
    fn drop(&mut self) {
        IN_FLIGHT.fetch_sub(1, Ordering::SeqCst);
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
