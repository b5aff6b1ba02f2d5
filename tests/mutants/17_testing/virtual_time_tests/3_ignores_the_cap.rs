//! Its last pause is 16 s long.
//! says: A `retry` that waits 16 s before the sixth call, and not 8 s, passed {tests}.
//! Its pauses double without a limit, which shows only after the fifth failure.

use std::time::Duration;

use tokio::time::sleep;

pub async fn retry<T, E>(mut request: impl AsyncFnMut() -> Result<T, E>) -> Result<T, E> {
    let mut pause = Duration::from_secs(1);
    for _ in 1..6 {
        match request().await {
            Ok(value) => return Ok(value),
            Err(_) => sleep(pause).await,
        }
        pause *= 2;
    }
    request().await
}
