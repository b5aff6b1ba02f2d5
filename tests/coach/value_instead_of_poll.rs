//! situation: value_instead_of_poll
//! says: not the bare value

use std::pin::Pin;
use std::task::{Context, Poll};
pub struct Timer;
impl Future for Timer {
    type Output = u32;
    fn poll(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<u32> {
        1
    }
}
pub fn run() {}
