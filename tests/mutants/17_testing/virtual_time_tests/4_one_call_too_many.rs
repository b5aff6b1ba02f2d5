//! It makes seven calls.
//! says: A `retry` that makes a seventh call passed {tests}.
//! Six calls are the most. Does a test count them when every one fails?

use std::time::Duration;

use tokio::time::sleep;

pub async fn retry<T, E>(mut request: impl AsyncFnMut() -> Result<T, E>) -> Result<T, E> {
    let mut pause = Duration::from_secs(1);
    for _ in 1..7 {
        match request().await {
            Ok(value) => return Ok(value),
            Err(_) => sleep(pause).await,
        }
        pause = (2 * pause).min(Duration::from_secs(8));
    }
    request().await
}
