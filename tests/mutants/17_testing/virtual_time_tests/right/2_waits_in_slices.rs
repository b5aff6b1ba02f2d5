//! It waits in slices of 50 ms, and looks at the clock after each.

use std::time::Duration;

use tokio::time::{Instant, sleep};

pub async fn retry<T, E>(mut request: impl AsyncFnMut() -> Result<T, E>) -> Result<T, E> {
    let mut outcome = request().await;
    for pause in [1, 2, 4, 8, 8] {
        if outcome.is_ok() {
            break;
        }
        let next = Instant::now() + Duration::from_secs(pause);
        while Instant::now() < next {
            sleep(Duration::from_millis(50)).await;
        }
        outcome = request().await;
    }
    outcome
}
