//! situation: resumed_after_panicking
//! says: panicked in an earlier poll

use std::task::{Context, Waker};
pub fn run() {
    let mut plan = Box::pin(async { panic!("the first one") });
    let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _ = plan.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    }));
    let _ = plan.as_mut().poll(&mut Context::from_waker(Waker::noop()));
}
