//! Each request in flight owns a clone of an `Arc`, and `in_flight` counts the clones.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};

/// Clones are the same server.
#[derive(Clone, Default)]
pub struct Server {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    token: Arc<()>,
}

impl Server {
    pub fn in_flight(&self) -> usize {
        // One of them belongs to the server itself.
        Arc::strong_count(&self.shared.token) - 1
    }

    pub async fn handle<T: Send + 'static>(&self, request: impl Future<Output = T> + Send + 'static) -> T {
        let _in_flight = Arc::clone(&self.shared.token);
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
