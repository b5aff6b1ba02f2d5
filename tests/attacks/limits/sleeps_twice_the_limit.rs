//! attacks: runtime_inside_runtime
//! expects: hung
//! says: Hangs asleep
//! stopped by: limits-time
//!
//! Solves the exercise, but keeps everybody waiting for twice as long as there is time.

pub async fn invoice<R>(customer: &str, rate: R) -> String
where
    R: Future<Output = u32> + Send + 'static,
{
    std::thread::sleep(std::time::Duration::from_secs(10));
    format!("{customer} pays at {}", rate.await)
}

fn main() {}
