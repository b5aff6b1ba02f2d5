//! A set of the numbers of all running requests, and a hand-written future that owns its entry in it (clumsy).

use std::collections::HashSet;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{sleep, timeout};

/// Clones are the same server.
#[derive(Clone, Default)]
pub struct Server {
    running: Arc<Mutex<HashSet<u64>>>,
    next_id: Arc<AtomicU64>,
}

struct Entry {
    server: Server,
    id: u64,
}

impl Drop for Entry {
    fn drop(&mut self) {
        if let Ok(mut running) = self.server.running.lock() {
            running.remove(&self.id);
        }
    }
}

// The fields are dropped from top to bottom: first the request, then its entry.
struct Handling<T> {
    request: Pin<Box<dyn Future<Output = T> + Send>>,
    _entry: Entry,
}

impl<T> Future for Handling<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        self.request.as_mut().poll(cx)
    }
}

impl Server {
    pub fn in_flight(&self) -> usize {
        self.running.lock().unwrap().len()
    }

    pub async fn handle<T: Send + 'static>(&self, request: impl Future<Output = T> + Send + 'static) -> T {
        let id = self.next_id.fetch_add(1, Ordering::SeqCst);
        self.running.lock().unwrap().insert(id);
        let entry = Entry { server: self.clone(), id };
        let handling = Handling { request: Box::pin(request), _entry: entry };
        handling.await
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
