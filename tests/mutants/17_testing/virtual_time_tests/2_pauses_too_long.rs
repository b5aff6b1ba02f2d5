//! Each of its pauses is 100 ms too long.
//! says: A `retry` whose pauses are all 100 ms too long passed {tests}.
//! A bound from below says only that a pause is long enough. On a paused clock a test can ask for the exact time.

use std::time::Duration;

use tokio::time::sleep;

pub async fn retry<T, E>(mut request: impl AsyncFnMut() -> Result<T, E>) -> Result<T, E> {
    let mut pause = Duration::from_secs(1);
    for _ in 1..6 {
        match request().await {
            Ok(value) => return Ok(value),
            Err(_) => sleep(pause + Duration::from_millis(100)).await,
        }
        pause = (2 * pause).min(Duration::from_secs(8));
    }
    request().await
}
