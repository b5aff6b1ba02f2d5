//! It computes each pause from the number of the call.

use std::time::Duration;

use tokio::time::sleep;

pub async fn retry<T, E>(mut request: impl AsyncFnMut() -> Result<T, E>) -> Result<T, E> {
    let mut call = 1;
    loop {
        match request().await {
            Err(_) if call < 6 => sleep(Duration::from_secs(1 << (call - 1).min(3))).await,
            outcome => return outcome,
        }
        call += 1;
    }
}
