//! attacks: runtime_inside_runtime
//! expects: hung
//! says: Prints forever
//! stopped by: limits-output,limits-time
//!
//! Prints to standard error without an end and without a line feed.

use std::io::Write;

pub async fn invoice<R>(customer: &str, rate: R) -> String
where
    R: Future<Output = u32> + Send + 'static,
{
    drop((customer, rate));
    let block = [b'e'; 64 * 1024];
    loop {
        let _ = std::io::stderr().write_all(&block);
    }
}

fn main() {}
