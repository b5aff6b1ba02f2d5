//! fails: a_quick_call_returns_its_answer
//! says: times while it waited for a single event

// wakes each millisecond to compare the clock with the limit and polls the call each time though nobody woke it: the thread does not sleep while the call waits

use std::io;
use std::pin::pin;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::time::{Instant, sleep};

/// What `call` returns, or `None` if that takes longer than `limit`, which may be `Duration::MAX`. (If it takes exactly
/// `limit`, either will do.) If `call` panics, so does this.
pub fn call_within<C: Future>(rt: &Runtime, limit: Duration, call: C) -> Option<C::Output> {
    rt.block_on(async {
        let start = Instant::now();
        let mut call = pin!(call);
        loop {
            tokio::select! {
                biased;
                output = &mut call => return Some(output),
                _ = sleep(Duration::from_millis(1)) => {
                    if start.elapsed() >= limit {
                        return None;
                    }
                }
            }
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
