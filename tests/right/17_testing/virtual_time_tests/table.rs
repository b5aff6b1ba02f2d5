//! One runner, a table of success positions and request durations, whole lists of times compared.

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

    /// When the calls are made, in milliseconds, if a call takes no time.
    const AT: [u128; 6] = [0, 1_000, 3_000, 7_000, 15_000, 23_000];

    #[derive(Debug, PartialEq)]
    struct Run {
        calls: Vec<u128>,
        outcome: Result<String, String>,
        end: u128,
    }

    /// Each call takes `takes`; call number `success` succeeds.
    async fn run(takes: Duration, success: usize) -> Run {
        let start = Instant::now();
        let mut calls = Vec::new();
        let outcome = retry(async || {
            calls.push(start.elapsed().as_millis());
            let number = calls.len();
            assert!(number <= 6, "call {number}");
            if !takes.is_zero() {
                sleep(takes).await;
            }
            if number == success { Ok(format!("report {number}")) } else { Err(format!("busy {number}")) }
        })
        .await;
        Run { calls, outcome, end: start.elapsed().as_millis() }
    }

    fn expected(takes: Duration, success: usize) -> Run {
        let takes = takes.as_millis();
        let count = success.min(6);
        let calls: Vec<u128> = (0..count).map(|call| AT[call] + call as u128 * takes).collect();
        let end = calls[count - 1] + takes;
        let outcome = if success <= 6 { Ok(format!("report {count}")) } else { Err(format!("busy {count}")) };
        Run { calls, outcome, end }
    }

    #[tokio::test(start_paused = true)]
    async fn requests_that_take_no_time() {
        for success in 1..=7 {
            assert_eq!(
                run(Duration::ZERO, success).await,
                expected(Duration::ZERO, success),
                "success: {success}"
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_pause_is_counted_from_the_failure() {
        for millis in [1, 400, 1_000, 3_000, 9_000, 3_600_000] {
            let takes = Duration::from_millis(millis);
            for success in 1..=7 {
                assert_eq!(
                    run(takes, success).await,
                    expected(takes, success),
                    "{takes:?}, success: {success}"
                );
            }
        }
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
