//! situation: resumed_after_completion
//! says: It was polled once more

use std::task::{Context, Waker};
pub fn run() {
    let mut plan = Box::pin(async { 1 });
    for _ in 0..2 {
        let _ = plan.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    }
}
