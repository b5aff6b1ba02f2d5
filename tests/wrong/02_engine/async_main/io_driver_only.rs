//! fails: prints_both_lines_in_order
//! says: then `sleep` panicked ("timers are disabled"): the runtime was built without its time driver

// the runtime has no timers: probe panics ("timers are disabled"), the second line never comes

use std::env;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::time::sleep;

/// Waits for the answer of `service`.
pub async fn probe(service: &str) -> String {
    // Stands in for a request over the network.
    sleep(Duration::from_millis(200)).await;
    format!("{service} is up")
}

fn main() {
    let service = env::args().nth(1).unwrap_or_else(|| "billing".to_owned());
    println!("probing {service}");
    let rt = Builder::new_multi_thread().enable_io().build().expect("a runtime");
    rt.block_on(async {
        println!("{}", probe(&service).await);
    });
}
