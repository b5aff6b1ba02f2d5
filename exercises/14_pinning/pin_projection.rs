//! Metrics for a service. `Metered` wraps any future: a request, a query, a timer. Awaiting a `Metered` gives the output
//! of the future inside, and `polls` says how often that future has been polled so far. The service makes thousands of
//! requests a second, so a `Metered` allocates nothing, polls the future inside only when it is polled itself, and
//! wakes nobody.
//!
//! It worked as long as every request was in a `Box`. Now it has to take the future of an `async fn` as it is, and it
//! does not compile.

use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

pub struct Metered<F> {
    inner: F,
    polls: u32,
}

impl<F> Metered<F> {
    pub fn new(inner: F) -> Self {
        Self { inner, polls: 0 }
    }

    pub fn polls(&self) -> u32 {
        self.polls
    }
}

impl<F: Future> Future for Metered<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.get_mut();
        this.polls += 1;
        Pin::new(&mut this.inner).poll(cx)
    }
}

async fn find(table: &str) -> usize {
    for _ in table.chars() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    table.len()
}

#[tokio::main]
async fn main() {
    let mut query = pin!(Metered::new(find("orders")));
    let rows = query.as_mut().await;
    println!("{rows} rows, and {} polls", query.polls());
}
