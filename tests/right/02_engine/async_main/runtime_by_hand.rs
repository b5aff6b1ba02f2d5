//! Builds the runtime by hand: what the macro writes.

use std::env;
use std::io;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::time::sleep;

/// Waits for the answer of `service`.
pub async fn probe(service: &str) -> String {
    // Stands in for a request over the network.
    sleep(Duration::from_millis(200)).await;
    format!("{service} is up")
}

fn main() -> io::Result<()> {
    Runtime::new()?.block_on(async {
        let service = env::args().nth(1).unwrap_or_else(|| "billing".to_owned());
        println!("probing {service}");
        println!("{}", probe(&service).await);
    });
    Ok(())
}
