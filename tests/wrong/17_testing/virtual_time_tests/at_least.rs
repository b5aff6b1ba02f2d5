//! fails: mutant_pauses_too_long
//! says: too long passed both of your tests. A bound from below says only that a pause is long enough. On
//!
//! Misses pauses that are too long, after the last call, too: it asks for at least and looks at the calls only.

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

    use tokio::time::{Instant, sleep};

    use super::retry::retry;

    #[tokio::test(start_paused = true)]
    async fn pauses_are_kept() {
        let mut ends: Vec<Instant> = Vec::new();
        let mut pauses: Vec<Duration> = Vec::new();
        let outcome: Result<(), &str> = retry(async || {
            if let Some(end) = ends.last() {
                pauses.push(end.elapsed());
            }
            sleep(Duration::from_millis(700)).await;
            ends.push(Instant::now());
            Err("busy")
        })
        .await;
        assert_eq!(outcome, Err("busy"));
        assert_eq!(ends.len(), 6);
        for (pause, least) in pauses.iter().zip([1, 2, 4, 8, 8]) {
            assert!(*pause >= Duration::from_secs(least), "{pause:?} is shorter than {least} s");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn it_stops_after_a_success() {
        let mut calls = 0;
        let outcome: Result<i32, ()> = retry(async || {
            calls += 1;
            if calls == 4 { Ok(calls) } else { Err(()) }
        })
        .await;
        assert_eq!(outcome, Ok(4));
        assert_eq!(calls, 4);
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
