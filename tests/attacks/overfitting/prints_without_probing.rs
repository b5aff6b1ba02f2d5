//! attacks: async_main
//! expects: failed
//! stopped by: timing
//!
//! Prints the two lines that the deploy script waits for from a plain `main`. The probe is never awaited; as a
//! library it is as it should be.

use std::time::Duration;

use tokio::time::sleep;

pub async fn probe(service: &str) -> String {
    sleep(Duration::from_millis(200)).await;
    format!("{service} is up")
}

fn main() {
    let service = std::env::args().nth(1).unwrap_or_default();
    println!("probing {service}");
    println!("{service} is up");
}
