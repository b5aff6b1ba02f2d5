//! attacks: async_main
//! expects: failed|does_not_compile
//! stopped by: no-clock-control
//!
//! Does not park: it moves the paused clock of the test forward with tokio's own testing functions, which exist
//! nowhere else than in a test.

use std::time::Duration;

pub async fn probe(service: &str) -> String {
    tokio::time::advance(Duration::from_millis(200)).await;
    format!("{service} is up")
}

fn main() {
    let service = std::env::args().nth(1).unwrap_or_default();
    println!("probing {service}");
    std::thread::sleep(Duration::from_millis(200));
    println!("{service} is up");
}
