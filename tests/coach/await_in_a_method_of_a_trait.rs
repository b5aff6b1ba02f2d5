//! situation: await_in_a_method_of_a_trait
//! says: wants an answer at once

use std::pin::Pin;
use std::task::{Context, Poll};

async fn price() -> u32 {
    3
}

struct Total;

impl Future for Total {
    type Output = u32;

    fn poll(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<u32> {
        Poll::Ready(price().await)
    }
}

pub fn run() {
    drop(Total);
}
