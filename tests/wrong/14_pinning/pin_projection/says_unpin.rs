//! fails: compile unsafe_code
//! says: usage of an `unsafe` block
//!
//! A pinned value stays until it is dropped: Metered says that it is Unpin, so safe code can move the future inside between two polls.

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

impl<F> Unpin for Metered<F> {}

impl<F: Future> Future for Metered<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.get_mut();
        this.polls += 1;
        // SAFETY: nobody moves `inner`.
        unsafe { Pin::new_unchecked(&mut this.inner) }.poll(cx)
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
