//! It has one timer, and steps aside for other tasks before each call.

use std::pin::pin;
use std::time::Duration;

use tokio::task::yield_now;
use tokio::time::{Instant, sleep};

pub async fn retry<T, E>(mut request: impl AsyncFnMut() -> Result<T, E>) -> Result<T, E> {
    let mut pauses = [1, 2, 4, 8, 8].map(Duration::from_secs).into_iter();
    let mut timer = pin!(sleep(Duration::ZERO));
    loop {
        yield_now().await;
        let outcome = request().await;
        let Some(pause) = pauses.next().filter(|_| outcome.is_err()) else { return outcome };
        timer.as_mut().reset(Instant::now() + pause);
        timer.as_mut().await;
    }
}
