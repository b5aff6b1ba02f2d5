//! fails: it_allocates_nothing
//! says: Poll 1 of a `Metered` allocated
//!
//! A box, and only when it is needed.

use std::cell::Cell;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

pub struct Metered<F> {
    start: Cell<Option<F>>,
    running: Option<Pin<Box<F>>>,
    polls: u32,
}

// The future itself is moved before its first poll, and never again.
impl<F> Unpin for Metered<F> {}

impl<F> Metered<F> {
    pub fn new(inner: F) -> Self {
        Self { start: Cell::new(Some(inner)), running: None, polls: 0 }
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
        if let Some(inner) = this.start.take() {
            this.running = Some(Box::pin(inner));
        }
        this.running.as_mut().expect("it was just made").as_mut().poll(cx)
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
