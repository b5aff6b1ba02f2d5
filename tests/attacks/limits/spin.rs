//! attacks: runtime_inside_runtime
//! expects: hung
//! says: Hangs busy
//! stopped by: limits-time
//!
//! Burns the CPU for ever.

pub async fn invoice<R>(customer: &str, rate: R) -> String
where
    R: Future<Output = u32> + Send + 'static,
{
    drop((customer, rate));
    loop {
        std::hint::spin_loop();
    }
}

fn main() {}
