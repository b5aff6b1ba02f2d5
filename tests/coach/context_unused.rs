//! situation: context_unused
//! says: does not use the `Context` that it receives

use std::pin::Pin;
use std::task::{Context, Poll};

struct Never;

impl Future for Never {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        Poll::Pending
    }
}

pub fn run() {
    drop(Never);
}
