//! attacks: runtime_inside_runtime
//! expects: hung
//! says: Hangs asleep
//! stopped by: report-needed,limits-time
//!
//! A plan that is never done, so that no assertion is reached.

pub async fn invoice<R>(customer: &str, rate: R) -> String
where
    R: Future<Output = u32> + Send + 'static,
{
    drop((customer, rate));
    std::future::pending().await
}

fn main() {}
