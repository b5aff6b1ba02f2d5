//! fails: probe_parks_while_it_waits
//! says: gave its answer without ever being parked

use std::env;
use std::time::Duration;

use std::thread::sleep;

/// Waits for the answer of `service`.
pub async fn probe(service: &str) -> String {
    // Stands in for a request over the network.
    sleep(Duration::from_millis(200));
    format!("{service} is up")
}

#[tokio::main]
async fn main() {
    let service = env::args().nth(1).unwrap_or_else(|| "billing".to_owned());
    println!("probing {service}");
    println!("{}", probe(&service).await);
}
