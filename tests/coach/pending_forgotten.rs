//! situation: pending_forgotten
//! says: may return `Pending`

use std::task::Poll;
pub fn look(p: Poll<u32>) -> u32 {
    match p {
        Poll::Ready(n) => n,
    }
}
pub fn run() {}
