//! Plain main, current-thread runtime, only the probe is async.

use std::env;
use std::io;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::time::sleep;

/// Waits for the answer of `service`.
pub async fn probe(service: &str) -> String {
    // Stands in for a request over the network.
    sleep(Duration::from_millis(200)).await;
    format!("{service} is up")
}

fn main() -> io::Result<()> {
    let service = env::args().nth(1).unwrap_or_else(|| "billing".to_owned());
    let rt = Builder::new_current_thread().enable_all().build()?;
    println!("probing {service}");
    println!("{}", rt.block_on(probe(&service)));
    Ok(())
}
