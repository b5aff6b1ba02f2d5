//! fails: a_quick_call_returns_its_answer
//! says: `call_within` panicked. The limit was `Duration::MAX`

// With a limit of `Duration::MAX` the sum of now and limit overflows.

use std::io;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::time::{Instant, sleep, timeout_at};

/// What `call` returns, or `None` if that takes longer than `limit`. (If it takes exactly `limit`, either will do.)
pub fn call_within<C: Future>(rt: &Runtime, limit: Duration, call: C) -> Option<C::Output> {
    rt.block_on(async { timeout_at(Instant::now() + limit, call).await }).ok()
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
