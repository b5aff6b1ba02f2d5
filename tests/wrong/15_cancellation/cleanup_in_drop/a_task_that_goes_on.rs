//! fails: a_request_that_is_dropped_does_not_count
//! says: and its request goes on
//!
//! The request runs in a task, which counts to the end.

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
        let counted = Counted::new(&self.in_flight);
        let task = tokio::spawn(async move {
            let _counted = counted;
            request.await
        });
        match task.await {
            Ok(answer) => answer,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
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
