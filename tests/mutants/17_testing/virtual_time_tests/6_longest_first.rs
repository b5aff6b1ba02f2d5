//! Its pauses become shorter: 8 s, 8 s, 4 s, 2 s, 1 s.
//! says: A `retry` whose pauses are 8 s, 8 s, 4 s, 2 s and 1 s, in this order, passed {tests}.
//! Their sum is right, and each of them is wrong. Look at the time of each call.

use std::time::Duration;

use tokio::time::sleep;

pub async fn retry<T, E>(mut request: impl AsyncFnMut() -> Result<T, E>) -> Result<T, E> {
    for pause in [8, 8, 4, 2, 1] {
        match request().await {
            Ok(value) => return Ok(value),
            Err(_) => sleep(Duration::from_secs(pause)).await,
        }
    }
    request().await
}
