//! fails: prints_both_lines_in_order
//! says: but line 1 is wrong

use std::env;
use std::time::Duration;

use tokio::time::sleep;

/// Waits for the answer of `service`.
pub async fn probe(service: &str) -> String {
    // Stands in for a request over the network.
    sleep(Duration::from_millis(200)).await;
    format!("{service} is up")
}

#[tokio::main]
async fn main() {
    let service = env::var("SERVICE").unwrap_or_else(|_| "billing".to_owned());
    println!("probing {service}");
    println!("{}", probe(&service).await);
}
