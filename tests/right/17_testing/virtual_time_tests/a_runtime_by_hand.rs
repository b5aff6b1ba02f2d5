//! Tests for `retry`.

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

    use tokio::runtime::Builder;
    use tokio::time::{Instant, pause, sleep};

    use super::retry::retry;

    /// Runs `retry` on calls that take so long each, with these outcomes. Gives the pauses between them, that
    /// before the first and that after the last.
    fn pauses(takes: &[u64], ends_well: bool) -> Vec<Duration> {
        let runtime = Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let mut pauses = Vec::new();
            let mut idle_since = Instant::now();
            let mut calls = takes.iter();
            let outcome = retry(async || {
                pauses.push(idle_since.elapsed());
                let takes = calls.next().expect("one call too many");
                sleep(Duration::from_secs(*takes)).await;
                idle_since = Instant::now();
                if ends_well && calls.len() == 0 { Ok(calls.len()) } else { Err(calls.len()) }
            });
            assert_eq!(outcome.await, if ends_well { Ok(0) } else { Err(0) });
            pauses.push(idle_since.elapsed());
            pauses
        })
    }

    fn seconds<const N: usize>(seconds: [u64; N]) -> Vec<Duration> {
        seconds.map(Duration::from_secs).to_vec()
    }

    #[test]
    fn of_six_failures() {
        assert_eq!(pauses(&[0, 1, 3, 70, 9, 20], false), seconds([0, 1, 2, 4, 8, 8, 0]));
    }

    #[test]
    fn of_a_success() {
        assert_eq!(pauses(&[7], true), seconds([0, 0]));
        assert_eq!(pauses(&[0, 0, 5], true), seconds([0, 1, 2, 0]));
    }

    #[tokio::test]
    async fn the_clock_can_be_paused_later() {
        pause();
        assert_eq!(retry(async || Ok::<_, ()>(3)).await, Ok(3));
    }
}
