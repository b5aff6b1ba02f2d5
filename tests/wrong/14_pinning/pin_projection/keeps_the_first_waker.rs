//! fails: the_waker_is_handed_down
//! says: In poll 2, the `Metered` was given a waker
//!
//! Polls with the waker of the first poll.

use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use pin_project_lite::pin_project;

pin_project! {
    pub struct Metered<F> {
        #[pin]
        inner: F,
        waker: Option<Waker>,
        polls: u32,
    }
}

impl<F> Metered<F> {
    pub fn new(inner: F) -> Self {
        Self { inner, waker: None, polls: 0 }
    }

    pub fn polls(&self) -> u32 {
        self.polls
    }
}

impl<F: Future> Future for Metered<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        *this.polls += 1;
        let waker = this.waker.get_or_insert_with(|| cx.waker().clone());
        this.inner.poll(&mut Context::from_waker(waker))
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
