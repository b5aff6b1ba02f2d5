//! fails: mutant_longest_first
//! says: in this order, passed both of your tests. Their sum is right, and each of them is wrong. Look at
//!
//! Misses the single pauses: number of calls and the sum of the times only, and no success.

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
    use std::time::Duration;

    use tokio::time::Instant;

    use super::retry::retry;

    #[tokio::test(start_paused = true)]
    async fn there_are_pauses() {
        let start = Instant::now();
        let mut calls = 0;
        let outcome: Result<(), i32> = retry(async || {
            calls += 1;
            Err(calls)
        })
        .await;
        assert_eq!(outcome, Err(6));
        assert_eq!(calls, 6);
        assert_eq!(start.elapsed(), Duration::from_secs(23));
    }

    #[tokio::test(start_paused = true)]
    async fn success_is_returned() {
        let outcome: Result<&str, ()> = retry(async || Ok("uploaded")).await;
        assert_eq!(outcome, Ok("uploaded"));
    }
}

#[tokio::main]
async fn main() {
    let mut calls = 0;
    let outcome = retry::retry(async || {
        calls += 1;
        if calls == 3 { Ok("uploaded") } else { Err("busy") }
    });
    println!("{:?}", outcome.await);
}
