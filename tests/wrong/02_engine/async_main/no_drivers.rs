//! fails: prints_both_lines_in_order
//! says: then `sleep` panicked ("timers are disabled"): the runtime was built without its time driver

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
    let rt = Builder::new_current_thread().build().expect("a runtime can be built");
    rt.block_on(async {
        let service = env::args().nth(1).unwrap_or_else(|| "billing".to_owned());
        println!("probing {service}");
        println!("{}", probe(&service).await);
    });
}
