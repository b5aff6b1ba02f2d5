//! The deploy script starts this program with the name of a service as its argument, and reads two lines from it:
//! `probing billing`, and the answer of the probe, `billing is up`.

use std::env;
use std::time::Duration;

use tokio::time::sleep;

/// Waits for the answer of `service`.
pub async fn probe(service: &str) -> String {
    // Stands in for a request over the network.
    sleep(Duration::from_millis(200)).await;
    format!("{service} is up")
}

// The operating system starts a program by calling a plain function. An `async fn main` would only hand it a plan, and
// nobody would be there to carry it out: that is why the language refuses it (E0752).
//
// The attribute makes a plain `fn main` of this one. It builds a runtime, which is executor and reactor in one, and
// blocks the main thread until the future of this body is done. The reactor matters: `sleep` has nobody else to wake
// it. Building the runtime by hand and calling `block_on` is the same answer, spelled out.
#[tokio::main]
async fn main() {
    let service = env::args().nth(1).unwrap_or_else(|| "billing".to_owned());
    println!("probing {service}");
    println!("{}", probe(&service).await);
}
