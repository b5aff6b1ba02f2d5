//! A counter around any future, without a box and without a bound.
//!
//! Why it did not compile: `get_mut` gives out a plain reference to a pinned value, and `Pin::new` makes a pin of a plain reference.
//! Both are harmless only if the value is `Unpin`. With the bound `F: Unpin` the file compiles, and everybody who wants to
//! measure an `async fn` must box its future first. With a `Box::pin` inside of `new`, each request allocates.
//!
//! What is needed is a way from the pin of the whole to the pin of one field. It is sound if that field is treated as pinned
//! everywhere, and never moved out as long as it is there. `pin_project!` writes this projection and sees to it: it also makes
//! `Metered<F>` `Unpin` exactly when `F` is, and does not let you move the field in a `Drop`.
//!
//! Without the crate you would write `unsafe { self.map_unchecked_mut(|this| &mut this.inner) }`, and keep all of these rules
//! yourself.

use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use pin_project_lite::pin_project;

pin_project! {
    pub struct Metered<F> {
        // Pinned when the `Metered` is: it may hold addresses inside itself.
        #[pin]
        inner: F,
        // A number does not mind being changed or moved, whether the `Metered` is pinned or not.
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

impl<F: Future> Future for Metered<F> {
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
