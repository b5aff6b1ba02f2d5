//! fails: a_slow_call_is_given_up_at_the_limit
//! says: ran to its end, though there is a limit: 0 ms

use std::io;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::time::{sleep, timeout};

/// What `call` returns, or `None` if that takes longer than `limit`, which may be `Duration::MAX`. (If it takes exactly
/// `limit`, either will do.) If `call` panics, so does this.
pub fn call_within<C: Future>(rt: &Runtime, limit: Duration, call: C) -> Option<C::Output> {
    if limit.is_zero() {
        // As in other libraries: no limit.
        return Some(rt.block_on(call));
    }
    rt.block_on(async { timeout(limit, call).await }).ok()
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
