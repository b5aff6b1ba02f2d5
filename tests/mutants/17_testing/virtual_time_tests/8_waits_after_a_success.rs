//! It waits once more after a call that succeeded.
//! says: A `retry` that waits after a call that succeeded passed {tests}.
//! The outcome is right, and it comes late. When does `retry` return a success?

use std::time::Duration;

use tokio::time::sleep;

pub async fn retry<T, E>(mut request: impl AsyncFnMut() -> Result<T, E>) -> Result<T, E> {
    let mut pause = Duration::from_secs(1);
    for _ in 1..6 {
        let outcome = request().await;
        sleep(pause).await;
        if outcome.is_ok() {
            return outcome;
        }
        pause = (2 * pause).min(Duration::from_secs(8));
    }
    request().await
}
