//! Its pauses begin when a call begins, and not when it has failed.
//! says: A `retry` that counts each pause from the beginning of the call before passed {tests}.
//! The next call has to come 1 s after the failure, however long it took to fail. Do the calls in your tests take any time?

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

pub async fn retry<T, E>(mut request: impl AsyncFnMut() -> Result<T, E>) -> Result<T, E> {
    let mut pause = Duration::from_secs(1);
    for _ in 1..6 {
        let begun = Instant::now();
        match request().await {
            Ok(value) => return Ok(value),
            Err(_) => sleep_until(begun + pause).await,
        }
        pause = (2 * pause).min(Duration::from_secs(8));
    }
    request().await
}
