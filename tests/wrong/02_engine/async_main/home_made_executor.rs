//! fails: prints_both_lines_in_order
//! says: 1 of 2 lines, then the program needed a Tokio runtime, but was outside of one

use std::env;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::time::sleep;

/// Waits for the answer of `service`.
pub async fn probe(service: &str) -> String {
    // Stands in for a request over the network.
    sleep(Duration::from_millis(200)).await;
    format!("{service} is up")
}

/// Polls until it is done, and burns a core while it waits.
fn run<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut cx = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut cx) {
            return value;
        }
    }
}

fn main() {
    run(async {
        let service = env::args().nth(1).unwrap_or_else(|| "billing".to_owned());
        println!("probing {service}");
        println!("{}", probe(&service).await);
    });
}
