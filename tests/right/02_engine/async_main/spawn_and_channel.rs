//! Multi-threaded runtime, a task for the probe, a std channel to wait for its line (clumsy).

use std::env;
use std::sync::mpsc;
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
    let (tx, rx) = mpsc::channel();
    rt.spawn(async move {
        let line = probe(&service).await;
        tx.send(line).expect("main waits for the line");
    });
    let line = rx.recv().expect("the probe sends its line");
    println!("{line}");
}
