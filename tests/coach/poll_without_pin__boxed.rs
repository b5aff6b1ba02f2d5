//! situation: poll_without_pin
//! says: pinned one

use std::task::{Context, Poll};
async fn tick() {}
pub fn look(cx: &mut Context<'_>) {
    let mut job = Box::pin(tick());
    let _ = job.poll(cx);
}
pub fn run() {}
