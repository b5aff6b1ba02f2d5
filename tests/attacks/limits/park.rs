//! attacks: runtime_inside_runtime
//! expects: hung
//! says: Hangs asleep
//! stopped by: limits-time
//!
//! Sleeps for ever, with every thread.

pub async fn invoice<R>(customer: &str, rate: R) -> String
where
    R: Future<Output = u32> + Send + 'static,
{
    drop((customer, rate));
    loop {
        std::thread::park();
    }
}

fn main() {}
