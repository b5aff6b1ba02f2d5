//! fails: probe_parks_while_it_waits
//! says: `probe` gave its answer without ever being parked

// `probe is fine as it is`: it was changed, and now blocks the thread of the runtime instead of parking

use std::env;
use std::thread;
use std::time::Duration;

/// Waits for the answer of `service`.
pub async fn probe(service: &str) -> String {
    // Stands in for a request over the network.
    thread::sleep(Duration::from_millis(200));
    format!("{service} is up")
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let service = env::args().nth(1).unwrap_or_else(|| "billing".to_owned());
    println!("probing {service}");
    println!("{}", probe(&service).await);
}
