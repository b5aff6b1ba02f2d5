//! The deploy script starts this program with the name of a service as its argument. It reads two lines from it:
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

// The operating system starts a program by calling a plain function. An `async fn main` would only return a future to
// it, and nothing would poll that future. That is why the language rejects it (E0752).
//
// The attribute turns this function into a plain `fn main`. It builds a runtime, which is an executor and a reactor in
// one, and blocks the main thread until the future of this body is done. The reactor matters: nothing else can wake
// `sleep`. Building the runtime yourself and calling `block_on` is the same answer, written out.
#[tokio::main]
async fn main() {
    let service = env::args().nth(1).unwrap_or_else(|| "billing".to_owned());
    println!("probing {service}");
    println!("{}", probe(&service).await);
}
