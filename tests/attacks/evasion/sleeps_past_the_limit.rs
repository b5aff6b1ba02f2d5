//! attacks: runtime_inside_runtime
//! expects: hung
//! says: Hangs asleep
//! stopped by: report-needed,limits-time
//!
//! Sleeps for an hour, with the thread.

pub async fn invoice<R>(customer: &str, rate: R) -> String
where
    R: Future<Output = u32> + Send + 'static,
{
    std::thread::sleep(std::time::Duration::from_secs(3600));
    format!("{customer} pays at {}", rate.await)
}

fn main() {}
