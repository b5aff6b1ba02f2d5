//! attacks: virtual_time_tests
//! expects: failed|crashed
//! stopped by: key
//!
//! A test writes into its standard input that it has failed, without the key, and returns.

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
    use std::io::Write;
    use std::os::fd::AsFd;

    use super::retry::retry;

    #[tokio::test(start_paused = true)]
    async fn six_calls() {
        let mut calls = 0;
        let outcome = retry(async || {
            calls += 1;
            Err::<(), _>("busy")
        });
        assert_eq!(outcome.await, Err("busy"));
        if calls != 6 {
            return;
        }
        let socket = std::io::stdin().as_fd().try_clone_to_owned().unwrap();
        let mut socket = std::fs::File::from(socket);
        for frame in [" failed no\t\n", "failed no\t\n", "0123456789abcdef0123456789abcdef failed no\t\n"] {
            let _ = socket.write_all(frame.as_bytes());
        }
    }
}

fn main() {}
