//! situation: moved_out_of_pin
//! says: `self.value`

use std::pin::Pin;
use std::task::{Context, Poll};
pub struct Once<T> {
    value: Option<T>,
}
impl<T> Future for Once<T> {
    type Output = T;
    fn poll(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<T> {
        Poll::Ready(self.value.unwrap())
    }
}
pub fn run() {}
