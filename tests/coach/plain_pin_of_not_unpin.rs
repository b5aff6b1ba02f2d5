//! situation: plain_pin_of_not_unpin
//! says: `F` may hold pointers

use std::pin::Pin;
use std::task::{Context, Poll};
pub fn look<F: Future>(job: &mut F, cx: &mut Context<'_>) -> Poll<F::Output> {
    Pin::new(job).poll(cx)
}
pub fn run() {}
