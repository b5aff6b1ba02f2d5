//! fails: a_request_that_is_dropped_does_not_count
//! says: poll, while it waited, and its request was dropped only later, in another task. It is dropped with
//!
//! The request is not dropped with its `handle`: a task of its own is aborted, so it is dropped some time later.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::{sleep, timeout};

/// Clones are the same server.
#[derive(Clone, Default)]
pub struct Server {
    in_flight: Arc<AtomicUsize>,
}

struct InFlight {
    counter: Arc<AtomicUsize>,
    task: tokio::task::AbortHandle,
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.task.abort();
        self.counter.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Server {
    pub fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::SeqCst)
    }

    pub async fn handle<T: Send + 'static>(&self, request: impl Future<Output = T> + Send + 'static) -> T {
        self.in_flight.fetch_add(1, Ordering::SeqCst);
        let task = tokio::spawn(request);
        let _in_flight = InFlight { counter: Arc::clone(&self.in_flight), task: task.abort_handle() };
        match task.await {
            Ok(answer) => answer,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
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
