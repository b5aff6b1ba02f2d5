//! situation: poll_without_pin
//! says: what you have here: `F`

use std::task::{Context, Poll};
pub fn look<F: Future>(mut job: F, cx: &mut Context<'_>) -> Poll<F::Output> {
    job.poll(cx)
}
pub fn run() {}
