//! fails: it_allocates_nothing
//! says: `Metered::new` allocated
//!
//! A box inside: any future is `Unpin` then.

use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

pub struct Metered<F> {
    inner: Pin<Box<F>>,
    polls: u32,
}

impl<F> Metered<F> {
    pub fn new(inner: F) -> Self {
        Self { inner: Box::pin(inner), polls: 0 }
    }

    pub fn polls(&self) -> u32 {
        self.polls
    }
}

impl<F: Future> Future for Metered<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.polls += 1;
        self.inner.as_mut().poll(cx)
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
