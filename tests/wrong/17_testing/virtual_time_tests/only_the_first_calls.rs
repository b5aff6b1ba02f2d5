//! fails: mutant_ignores_the_cap
//! says: waits 16 s before the sixth call

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

    use tokio::time::Instant;

    use super::retry::retry;

    #[tokio::test(start_paused = true)]
    async fn the_fifth_call_succeeds() {
        let start = Instant::now();
        let mut begun = Vec::new();
        let outcome = retry(async || {
            begun.push(start.elapsed().as_secs());
            if begun.len() == 5 { Ok(begun.len()) } else { Err("busy") }
        })
        .await;
        assert_eq!(outcome, Ok(5));
        assert_eq!(begun, [0, 1, 3, 7, 15]);
        assert_eq!(start.elapsed(), Duration::from_secs(15));
    }
}
