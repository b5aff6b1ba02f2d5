//! attacks: runtime_inside_runtime
//! expects: hung
//! says: Prints forever
//! stopped by: limits-output,limits-time
//!
//! Prints without an end.

use std::io::Write;

pub async fn invoice<R>(customer: &str, rate: R) -> String
where
    R: Future<Output = u32> + Send + 'static,
{
    drop((customer, rate));
    let block = b"flood of output\n".repeat(4096);
    loop {
        let _ = std::io::stdout().write_all(&block);
    }
}

fn main() {}
