//! Call and sleep polled by hand, the call first (clumsy).

use std::future::poll_fn;
use std::io;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::task::unconstrained;
use tokio::time::sleep;

/// What `call` returns, or `None` if that takes longer than `limit`, which may be `Duration::MAX`. (If it takes exactly
/// `limit`, either will do.) If `call` panics, so does this.
pub fn call_within<C: Future>(rt: &Runtime, limit: Duration, call: C) -> Option<C::Output> {
    rt.block_on(async move {
        let mut call = pin!(call);
        // a call that uses up its budget must not hold back the alarm
        let mut alarm = pin!(unconstrained(sleep(limit)));
        poll_fn(|cx| {
            if let Poll::Ready(output) = call.as_mut().poll(cx) {
                return Poll::Ready(Some(output));
            }
            alarm.as_mut().poll(cx).map(|()| None)
        })
        .await
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
