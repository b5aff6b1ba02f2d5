//! fails: mutant_pauses_too_long
//! says: tests. A bound from below says only that a pause is long enough. On a paused clock a test can ask
//!
//! Misses that the pause is counted from the failure: every request takes no time.

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
    use tokio::time::Instant;

    use super::retry::retry;

    async fn run(success: usize) -> (Vec<u64>, Result<usize, usize>, u64) {
        let start = Instant::now();
        let mut times = Vec::new();
        let outcome = retry(async || {
            times.push(start.elapsed().as_secs());
            if times.len() == success { Ok(times.len()) } else { Err(times.len()) }
        })
        .await;
        (times, outcome, start.elapsed().as_secs())
    }

    #[tokio::test(start_paused = true)]
    async fn all_fail() {
        assert_eq!(run(99).await, (vec![0, 1, 3, 7, 15, 23], Err(6), 23));
    }

    #[tokio::test(start_paused = true)]
    async fn first_succeeds() {
        assert_eq!(run(1).await, (vec![0], Ok(1), 0));
    }

    #[tokio::test(start_paused = true)]
    async fn third_succeeds() {
        assert_eq!(run(3).await, (vec![0, 1, 3], Ok(3), 3));
    }

    #[tokio::test(start_paused = true)]
    async fn last_succeeds() {
        assert_eq!(run(6).await, (vec![0, 1, 3, 7, 15, 23], Ok(6), 23));
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
