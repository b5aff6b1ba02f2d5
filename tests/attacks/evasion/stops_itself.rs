//! attacks: runtime_inside_runtime
//! expects: hung|failed
//! stopped by: limits-time
//!
//! Stops the process, so that it neither ends nor uses any time.

use std::process::Command;

pub async fn invoice<R>(customer: &str, rate: R) -> String
where
    R: Future<Output = u32> + Send + 'static,
{
    drop(rate);
    let _ = Command::new("sh").args(["-c", "kill -STOP $PPID"]).status();
    customer.to_owned()
}

fn main() {}
