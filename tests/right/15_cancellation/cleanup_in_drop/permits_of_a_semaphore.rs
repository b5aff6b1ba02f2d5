//! A permit for each request in flight: it comes back when it is dropped.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

/// Clones are the same server.
#[derive(Clone)]
pub struct Server {
    free: Arc<Semaphore>,
}

impl Default for Server {
    fn default() -> Self {
        Self { free: Arc::new(Semaphore::new(Semaphore::MAX_PERMITS)) }
    }
}

impl Server {
    pub fn in_flight(&self) -> usize {
        Semaphore::MAX_PERMITS - self.free.available_permits()
    }

    pub async fn handle<T: Send + 'static>(&self, request: impl Future<Output = T> + Send + 'static) -> T {
        let _permit = self.free.try_acquire();
        request.await
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
