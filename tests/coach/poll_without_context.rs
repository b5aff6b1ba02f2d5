//! situation: poll_without_context
//! says: which task to wake

use std::pin::Pin;
use std::task::{Context, Poll};
pub struct Outer {
    inner: Pin<Box<dyn Future<Output = u32>>>,
}
impl Future for Outer {
    type Output = u32;
    fn poll(mut self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<u32> {
        self.inner.as_mut().poll()
    }
}
pub fn run() {}
