//! situation: plain_pin_of_not_unpin
//! says: to the pin of one field

use std::pin::Pin;
use std::task::{Context, Poll};
pub struct Count<F> {
    n: u32,
    f: F,
}
impl<F: Future> Future for Count<F> {
    type Output = F::Output;
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.get_mut();
        this.n += 1;
        Pin::new(&mut this.f).poll(cx)
    }
}
pub fn run() {}
