//! fails: each_counts_for_itself
//! says: Three futures were polled
//!
//! Counts with 16 bits.

use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use pin_project_lite::pin_project;

pin_project! {
    pub struct Metered<F> {
        #[pin]
        inner: F,
        polls: u16,
    }
}

impl<F> Metered<F> {
    pub fn new(inner: F) -> Self {
        Self { inner, polls: 0 }
    }

    pub fn polls(&self) -> u32 {
        self.polls.into()
    }
}

impl<F: Future> Future for Metered<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        *this.polls = this.polls.wrapping_add(1);
        this.inner.poll(cx)
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
