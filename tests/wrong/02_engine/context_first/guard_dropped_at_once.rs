//! fails: a_quick_call_returns_its_answer
//! says: for as long as a guard of `enter` lives

use std::io;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::time::{sleep, timeout};

/// What `call` returns, or `None` if that takes longer than `limit`.
pub fn call_within<C: Future>(rt: &Runtime, limit: Duration, call: C) -> Option<C::Output> {
    let _ = rt.enter();
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
