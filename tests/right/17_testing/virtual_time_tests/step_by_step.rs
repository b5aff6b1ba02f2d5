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
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use tokio::time::{Instant, sleep, timeout};

    use super::retry::retry;

    /// Looks at the number of calls 1 ms before each one is due, and when it is due.
    #[tokio::test(start_paused = true)]
    async fn a_call_is_made_when_it_is_due_and_not_before() {
        let calls = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&calls);
        let all = tokio::spawn(retry(async move || {
            let call = counted.fetch_add(1, Ordering::Relaxed) + 1;
            sleep(Duration::from_secs(3)).await;
            Err::<(), _>(call)
        }));
        let millisecond = Duration::from_millis(1);
        sleep(millisecond).await;
        for (made, pause) in [1, 2, 4, 8, 8].into_iter().enumerate() {
            sleep(Duration::from_secs(3 + pause) - 2 * millisecond).await;
            assert_eq!(calls.load(Ordering::Relaxed), made + 1);
            sleep(2 * millisecond).await;
            assert_eq!(calls.load(Ordering::Relaxed), made + 2);
        }
        let last = timeout(Duration::from_secs(3), all).await;
        assert_eq!(last.expect("no pause after the last call").unwrap(), Err(6));
        sleep(Duration::from_secs(100)).await;
        assert_eq!(calls.load(Ordering::Relaxed), 6);
    }

    #[tokio::test(start_paused = true)]
    async fn success() {
        let start = Instant::now();
        let mut outcomes = [Err(1), Err(2), Ok(3)].into_iter();
        assert_eq!(retry(async || outcomes.next().unwrap()).await, Ok(3));
        assert_eq!(start.elapsed(), Duration::from_secs(3));
    }
}
