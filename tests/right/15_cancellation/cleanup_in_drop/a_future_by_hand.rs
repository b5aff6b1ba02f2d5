//! A future of its own, which gives the guard up as soon as it is ready.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
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

    pub fn handle<T: Send + 'static>(
        &self,
        request: impl Future<Output = T> + Send + 'static,
    ) -> impl Future<Output = T> + Send {
        Handle { request: Box::pin(request), count: &self.in_flight, counted: None }
    }
}

struct Handle<'a, T> {
    request: Pin<Box<dyn Future<Output = T> + Send>>,
    count: &'a AtomicUsize,
    counted: Option<Counted<'a>>,
}

impl<'a, T> Future for Handle<'a, T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let count = self.count;
        self.counted.get_or_insert_with(|| {
            count.fetch_add(1, Ordering::SeqCst);
            Counted(count)
        });
        let poll = match catch_unwind(AssertUnwindSafe(|| self.request.as_mut().poll(context))) {
            Ok(poll) => poll,
            Err(panic) => {
                self.counted = None;
                resume_unwind(panic)
            }
        };
        if poll.is_ready() {
            self.counted = None;
        }
        poll
    }
}

struct Counted<'a>(&'a AtomicUsize);

impl Drop for Counted<'_> {
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
