//! attacks: runtime_inside_runtime
//! expects: hung
//! says: Hangs busy
//! stopped by: limits-time
//!
//! Is polled again and again without an end: every poll wakes itself.

pub async fn invoice<R>(customer: &str, rate: R) -> String
where
    R: Future<Output = u32> + Send + 'static,
{
    drop((customer, rate));
    loop {
        tokio::task::yield_now().await;
    }
}

fn main() {}
