//! situation: pin_gives_no_mut
//! says: `Count<F>` is not known

use std::pin::Pin;
use std::task::{Context, Poll};
pub struct Count<F> {
    n: u32,
    f: F,
}
impl<F: Future> Future for Count<F> {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<()> {
        self.n += 1;
        Poll::Ready(())
    }
}
pub fn run() {}
