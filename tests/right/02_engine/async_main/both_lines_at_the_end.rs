//! Both lines are written when the probe is back. The script reads the same two lines.

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
    let service = env::args().nth(1).unwrap_or_else(|| "billing".to_owned());
    let mut lines = vec![format!("probing {service}")];
    lines.push(probe(&service).await);
    println!("{}", lines.join("\n"));
}
