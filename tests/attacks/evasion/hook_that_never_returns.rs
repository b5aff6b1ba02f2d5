//! attacks: runtime_inside_runtime
//! expects: hung
//! says: Hangs asleep
//! stopped by: report-needed,limits-time
//!
//! The test's own panic runs the learner's hook, and that never comes back: no failure is ever reported.

pub async fn invoice<R>(customer: &str, rate: R) -> String
where
    R: Future<Output = u32> + Send + 'static,
{
    std::panic::set_hook(Box::new(|_| {
        loop {
            std::thread::park();
        }
    }));
    drop(rate);
    customer.to_owned()
}

fn main() {}
