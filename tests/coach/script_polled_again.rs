//! situation: script_polled_again
//! says: counts its polls
//! exercise: scripted

use std::pin::pin;
use std::task::{Context, Waker};

pub fn run(plan: impl Future<Output = ()>) {
    let mut plan = pin!(plan);
    for _ in 0..2 {
        let _ = plan.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    }
}
