//! attacks: virtual_time_tests
//! expects: does_not_compile
//! says: `include_str!` and `include_bytes!` are not allowed where tests are graded
//! stopped by: hidden-text-kept
//!
//! A test looks at its own text, in the hope to find the implementation there, and at what lies beside it.

mod retry {
    use std::time::Duration;

    use tokio::time::sleep;

    /// Calls `request` until it succeeds, at most 6 times, and returns what the last call returned.
    ///
    /// The first call is made at once. After a call has failed, the next one is made 1 s later, then 2 s later,
    /// then 4 s later, and from then on 8 s later. There is no pause after a call that succeeds, nor after the
    /// sixth.
    pub async fn retry<T, E>(mut request: impl AsyncFnMut() -> Result<T, E>) -> Result<T, E> {
        let mut pause = Duration::from_secs(1);
        for _ in 1..6 {
            match request().await {
                Ok(value) => return Ok(value),
                Err(_) => sleep(pause).await,
            }
            pause = (2 * pause).min(Duration::from_secs(8));
        }
        request().await
    }
}

#[cfg(test)]
mod tests {
    use super::retry::retry;

    #[tokio::test(start_paused = true)]
    async fn six_calls() {
        let mut calls = 0;
        let outcome = retry(async || {
            calls += 1;
            Err::<(), _>("busy")
        });
        assert_eq!(outcome.await, Err("busy"));
        assert_eq!(calls, 6);
        assert!(include_str!("virtual_time_tests.rs").contains("pause"));
    }
}

fn main() {}
