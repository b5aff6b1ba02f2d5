//! A server that knows how many requests it has in flight, whatever becomes of them.
//!
//! Why the count stayed up: when a client hangs up, the future of `handle` is dropped while it waits in `request.await`.
//! The lines after that await never run. Nothing of this function runs any more, except the destructors of the variables
//! that it has at that moment. A panic of the request leaves the function in the same way.
//!
//! So the cleanup has to be a destructor. `InFlight` adds 1 when it is made and subtracts 1 when it is dropped, and a
//! local variable owns it: it is dropped when `handle` returns, when it panics, and when its future is dropped. It is
//! made in the same line that counts, and not before: a destructor that subtracts what nobody has added would be worse.
//!
//! A `select!` around the request does not help. It notices that one of *its* branches is over, and when the whole future
//! is dropped, none of them is. A task for the request does not help either: it would go on without the client.

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
        let _counted = InFlight::enter(&self.in_flight);
        request.await
    }
}

/// A request that counts, for as long as this value exists.
struct InFlight<'a> {
    count: &'a AtomicUsize,
}

impl<'a> InFlight<'a> {
    fn enter(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self { count }
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.count.fetch_sub(1, Ordering::SeqCst);
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
