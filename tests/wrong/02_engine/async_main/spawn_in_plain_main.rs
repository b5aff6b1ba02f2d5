//! fails: prints_both_lines_in_order
//! says: 0 of 2 lines, then the program needed a Tokio runtime, but was outside of one

use std::env;
use std::time::Duration;

use tokio::time::sleep;

/// Waits for the answer of `service`.
pub async fn probe(service: &str) -> String {
    // Stands in for a request over the network.
    sleep(Duration::from_millis(200)).await;
    format!("{service} is up")
}

fn main() {
    tokio::spawn(async {
        let service = env::args().nth(1).unwrap_or_else(|| "billing".to_owned());
        println!("probing {service}");
        println!("{}", probe(&service).await);
    });
}
