//! `mod retry` uploads a report and tries again while the server is busy.
//!
//! Two clocks, and only one of them is right here. `start_paused` stops the clock of the runtime, which then jumps
//! to the next timer whenever every task waits: 23 s pass in no time. `tokio::time::Instant` reads that clock.
//! `std::time::Instant` reads the machine's, on which nothing has passed.
//!
//! On a clock that jumps, no time is "about right". So the tests compare for equality, and they compare the time of
//! each call, not the sum: a sum is the same when the pauses come in the wrong order. A call that takes time shows
//! from where a pause is counted, and one that succeeds shows where the loop ends.

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

#[tokio::main]
async fn main() {
    let mut calls = 0;
    let outcome = retry::retry(async || {
        calls += 1;
        if calls == 3 { Ok("uploaded") } else { Err("busy") }
    });
    println!("{:?}", outcome.await);
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::{Instant, sleep};

    use super::retry::retry;

    /// The seconds at which a call began, for calls that take so long and succeed the nth time; then those at which
    /// `retry` returned, and what.
    async fn calls(takes: u64, succeeds_at: usize) -> (Vec<u64>, u64, Result<usize, usize>) {
        let start = Instant::now();
        let seconds = || {
            let elapsed = start.elapsed();
            assert_eq!(elapsed.subsec_nanos(), 0, "a pause has a fraction of a second: {elapsed:?}");
            elapsed.as_secs()
        };
        let mut begun = Vec::new();
        let outcome = retry(async || {
            begun.push(seconds());
            sleep(Duration::from_secs(takes)).await;
            if begun.len() == succeeds_at { Ok(succeeds_at) } else { Err(begun.len()) }
        });
        let outcome = outcome.await;
        (begun, seconds(), outcome)
    }

    #[tokio::test(start_paused = true)]
    async fn pauses_double_up_to_8_s_and_end_with_the_sixth_call() {
        assert_eq!(calls(0, 7).await, (vec![0, 1, 3, 7, 15, 23], 23, Err(6)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_begins_when_the_call_has_failed() {
        assert_eq!(calls(5, 7).await, (vec![0, 6, 13, 22, 35, 48], 53, Err(6)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_success_is_returned_at_once() {
        assert_eq!(calls(0, 1).await, (vec![0], 0, Ok(1)));
        assert_eq!(calls(0, 3).await, (vec![0, 1, 3], 3, Ok(3)));
        assert_eq!(calls(0, 6).await, (vec![0, 1, 3, 7, 15, 23], 23, Ok(6)));
    }
}
