//! A pinned `Option`, which is emptied in its place.

use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use pin_project_lite::pin_project;

pin_project! {
    pub struct Metered<F> {
        #[pin]
        inner: Option<F>,
        polls: u32,
    }
}

impl<F> Metered<F> {
    pub fn new(inner: F) -> Self {
        Self { inner: Some(inner), polls: 0 }
    }

    pub fn polls(&self) -> u32 {
        self.polls
    }
}

impl<F: Future> Future for Metered<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        let inner = this.inner.as_mut().as_pin_mut().expect("it is not polled after it was ready");
        *this.polls += 1;
        let polled = inner.poll(cx);
        if polled.is_ready() {
            this.inner.set(None);
        }
        polled
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
