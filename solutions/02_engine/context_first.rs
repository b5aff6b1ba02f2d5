//! A blocking program keeps one runtime for its network calls. `call_within` runs a call on it; the thread sleeps while
//! the call waits. After `limit` it gives the call up: it drops the call and returns `None`.

use std::io;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::time::{sleep, timeout};

/// What `call` returns, or `None` if that takes longer than `limit`, which may be `Duration::MAX`. (If it takes exactly
/// `limit`, either will do.) If `call` panics, so does this.
pub fn call_within<C: Future>(rt: &Runtime, limit: Duration, call: C) -> Option<C::Output> {
    // An argument is evaluated before the function that takes it is entered. `rt.block_on(timeout(..))` therefore makes
    // the timer first and enters the runtime second, and a timer looks for the runtime around it when it is made: not
    // every future is inert enough to be made anywhere. Inside an async block nothing happens before the first poll,
    // and by then `block_on` has entered.
    //
    // The other answer is a guard that stays alive: `let _guard = rt.enter();`. It needs a name. `let _ = rt.enter();`
    // binds nothing, so the guard is dropped, and the runtime left, at the end of that very line.
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
