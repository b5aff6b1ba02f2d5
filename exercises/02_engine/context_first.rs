//! A blocking program keeps one runtime for its network calls. `call_within` runs a call on it; the thread sleeps
//! while the call waits. After `limit`, by the clock of that runtime, it drops the call and returns `None`.
//!
//! The runtime has its timers enabled, but every call panics: "there is no reactor running".

use std::io;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::time::{sleep, timeout};

/// Returns what `call` returns, or `None` if that takes longer than `limit`, which may be `Duration::MAX`. (If it takes
/// exactly `limit`, either is fine.) If `call` panics, so does this function.
pub fn call_within<C: Future>(rt: &Runtime, limit: Duration, call: C) -> Option<C::Output> {
    rt.block_on(timeout(limit, call)).ok()
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
