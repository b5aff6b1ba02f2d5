//! fails: compile E0277
//! says: your file compiles, but the hidden tests cannot use it: `F` cannot be sent between threads safely
//!
//! Any future: the text does not ask for Send, so a future with an Rc must work, too.

use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

pin_project_lite::pin_project! {
    pub struct Metered<F> {
        #[pin]
        inner: F,
        polls: u32,
    }
}

impl<F> Metered<F> {
    pub fn new(inner: F) -> Self {
        Self { inner, polls: 0 }
    }

    pub fn polls(&self) -> u32 {
        self.polls
    }
}

impl<F: Future + Send> Future for Metered<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        *this.polls += 1;
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
