//! fails: a_quick_call_returns_its_answer
//! says: while it waited for a single event, with a waker that wakes nobody

use std::io;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::task::yield_now;
use tokio::time::{Instant, sleep};

/// What `call` returns, or `None` if that takes longer than `limit`, which may be `Duration::MAX`. (If it takes exactly
/// `limit`, either will do.) If `call` panics, so does this.
pub fn call_within<C: Future>(rt: &Runtime, limit: Duration, call: C) -> Option<C::Output> {
    rt.block_on(async {
        let start = Instant::now();
        let mut call = pin!(call);
        let mut cx = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(outcome) = call.as_mut().poll(&mut cx) {
                return Some(outcome);
            }
            if start.elapsed() > limit {
                return None;
            }
            yield_now().await;
        }
    })
}

async fn fetch_rate(latency: Duration) -> f64 {
    sleep(latency).await;
    1.08
}

fn main() -> io::Result<()> {
    let rt = Builder::new_current_thread().enable_all().build()?;
    let limit = Duration::from_millis(100);
    println!("fast: {:?}", call_within(&rt, limit, fetch_rate(Duration::from_millis(10))));
    println!("slow: {:?}", call_within(&rt, limit, fetch_rate(Duration::from_secs(10))));
    Ok(())
}
