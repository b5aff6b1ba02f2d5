//! Each request has a number, and a set holds those in flight.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{sleep, timeout};

/// Clones are the same server.
#[derive(Clone, Default)]
pub struct Server {
    in_flight: Arc<Mutex<BTreeSet<u64>>>,
    next: Arc<AtomicU64>,
}

impl Server {
    pub fn in_flight(&self) -> usize {
        lock(&self.in_flight).len()
    }

    pub async fn handle<T: Send + 'static>(&self, request: impl Future<Output = T> + Send + 'static) -> T {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        lock(&self.in_flight).insert(number);
        let _entry = Entry { set: &self.in_flight, number };
        request.await
    }
}

struct Entry<'a> {
    set: &'a Mutex<BTreeSet<u64>>,
    number: u64,
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        lock(self.set).remove(&self.number);
    }
}

fn lock(set: &Mutex<BTreeSet<u64>>) -> MutexGuard<'_, BTreeSet<u64>> {
    set.lock().unwrap_or_else(PoisonError::into_inner)
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
