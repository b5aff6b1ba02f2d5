//! It waits 8 s before it returns the last failure.
//! says: A `retry` that waits 8 s after the sixth call passed {tests}.
//! Nobody calls again, so the caller gets the failure 8 s late. When does `retry` return?

use std::time::Duration;

use tokio::time::sleep;

pub async fn retry<T, E>(mut request: impl AsyncFnMut() -> Result<T, E>) -> Result<T, E> {
    let mut pause = Duration::from_secs(1);
    let mut calls = 0;
    loop {
        calls += 1;
        match request().await {
            Ok(value) => return Ok(value),
            Err(error) => {
                sleep(pause).await;
                if calls == 6 {
                    return Err(error);
                }
            }
        }
        pause = (2 * pause).min(Duration::from_secs(8));
    }
}
