//! situation: poll_with_another_signature
//! says: Compare its signature

use std::pin::Pin;
use std::task::{Context, Poll};
pub struct Timer;
impl Future for Timer {
    type Output = ();
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }
}
pub fn run() {}
