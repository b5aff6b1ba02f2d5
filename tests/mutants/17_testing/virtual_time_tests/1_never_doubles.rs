//! It waits 1 s after each failure.
//! says: A `retry` that waits 1 s after every failure passed {tests}.
//! Its pauses never grow. When is each call made, and does a test say so?

use std::time::Duration;

use tokio::time::sleep;

pub async fn retry<T, E>(mut request: impl AsyncFnMut() -> Result<T, E>) -> Result<T, E> {
    for _ in 1..6 {
        match request().await {
            Ok(value) => return Ok(value),
            Err(_) => sleep(Duration::from_secs(1)).await,
        }
    }
    request().await
}
