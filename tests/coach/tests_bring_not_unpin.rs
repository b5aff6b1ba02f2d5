//! situation: tests_bring_not_unpin
//! says: your file asks for `Unpin`
//! exercise: handed

use std::pin::Pin;
use std::task::{Context, Poll, Waker};
pub fn run<F: Future<Output = ()> + Unpin>(mut job: F) {
    let mut cx = Context::from_waker(Waker::noop());
    while Pin::new(&mut job).poll(&mut cx) == Poll::Pending {}
}
