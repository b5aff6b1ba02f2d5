//! The deploy script starts this program with the name of a service as its argument. It reads two lines from it:
//! `probing billing`, and the answer of the probe, `billing is up`.
//!
//! So far the script has nothing to start: the compiler rejects `main`. `probe` is fine as it is.

use std::env;
use std::time::Duration;

use tokio::time::sleep;

/// Waits for the answer of `service`.
pub async fn probe(service: &str) -> String {
    // Stands in for a request over the network.
    sleep(Duration::from_millis(200)).await;
    format!("{service} is up")
}

async fn main() {
    let service = env::args().nth(1).unwrap_or_else(|| "billing".to_owned());
    println!("probing {service}");
    println!("{}", probe(&service).await);
}
