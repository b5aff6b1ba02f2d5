//! situation: poll_with_another_signature
//! says: Compare its signature

use std::pin::Pin;
use std::task::Poll;
pub struct Timer;
impl Future for Timer {
    type Output = ();
    fn poll(self: Pin<&mut Self>) -> Poll<()> {
        Poll::Ready(())
    }
}
pub fn run() {}
