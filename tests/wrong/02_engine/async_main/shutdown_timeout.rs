//! fails: prints_both_lines_in_order
//! says: and ended without the answer of the probe

// shutdown_timeout does not wait for async tasks: the program ends without the second line

use std::env;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::time::sleep;

/// Waits for the answer of `service`.
pub async fn probe(service: &str) -> String {
    // Stands in for a request over the network.
    sleep(Duration::from_millis(200)).await;
    format!("{service} is up")
}

fn main() {
    let service = env::args().nth(1).unwrap_or_else(|| "billing".to_owned());
    let rt = Runtime::new().expect("a runtime");
    println!("probing {service}");
    rt.spawn(async move {
        println!("{}", probe(&service).await);
    });
    // give the task time to finish
    rt.shutdown_timeout(Duration::from_secs(5));
}
