//! situation: poll_gives_a_poll
//! says: A `u32` is only

use std::pin::Pin;
use std::task::{Context, Poll};
pub struct Outer {
    inner: Pin<Box<dyn Future<Output = u32>>>,
}
impl Future for Outer {
    type Output = u32;
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u32> {
        let n: u32 = self.inner.as_mut().poll(cx);
        Poll::Ready(n)
    }
}
pub fn run() {}
