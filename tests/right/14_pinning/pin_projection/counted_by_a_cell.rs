//! The count is a `Cell`, so the pin of the whole need not be taken apart for it.

use std::cell::Cell;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use pin_project_lite::pin_project;

pin_project! {
    pub struct Metered<F> {
        #[pin]
        inner: F,
        polls: Cell<u32>,
    }
}

impl<F> Metered<F> {
    pub fn new(inner: F) -> Self {
        Self { inner, polls: Cell::new(0) }
    }

    pub fn polls(&self) -> u32 {
        self.polls.get()
    }
}

impl<F: Future> Future for Metered<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.polls.set(self.polls.get() + 1);
        self.project().inner.poll(cx)
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
