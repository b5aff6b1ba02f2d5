//! fails: a_quick_call_returns_its_answer
//! says: Do not wait any longer when the answer is there

use std::io;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::time::{sleep, timeout};

/// What `call` returns, or `None` if that takes longer than `limit`.
pub fn call_within<C: Future>(rt: &Runtime, limit: Duration, call: C) -> Option<C::Output> {
    rt.block_on(async {
        let alarm = sleep(limit);
        let answer = timeout(limit, call).await.ok();
        alarm.await;
        answer
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
