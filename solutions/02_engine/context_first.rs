//! A blocking program keeps one runtime for its network calls. `call_within` runs a call on it; the thread sleeps
//! while the call waits. After `limit`, it drops the call and returns `None`.

use std::io;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::time::{sleep, timeout};

/// Returns what `call` returns, or `None` if that takes longer than `limit`, which may be `Duration::MAX`. (If it takes
/// exactly `limit`, either is fine.) If `call` panics, so does this function.
pub fn call_within<C: Future>(rt: &Runtime, limit: Duration, call: C) -> Option<C::Output> {
    // Rust evaluates an argument before it calls the function. So `rt.block_on(timeout(..))` creates the timer first
    // and enters the runtime second, but a timer looks for the runtime around it when it is created: not every future
    // can be created anywhere. In an async block, nothing happens before the first poll, and by then `block_on` has
    // entered the runtime.
    //
    // The other answer is a guard that stays alive: `let _guard = rt.enter();`. It needs a name. `let _ = rt.enter();`
    // binds nothing, so that line drops the guard and leaves the runtime at once.
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
