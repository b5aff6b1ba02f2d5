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

#[cfg(test)]
use std::cell::RefCell;
#[cfg(test)]
use std::time::Duration;

#[cfg(test)]
struct Server {
    start: tokio::time::Instant,
    fails: usize,
    begun: RefCell<Vec<Duration>>,
}

#[cfg(test)]
impl Server {
    fn new(fails: usize) -> Self {
        Self { start: tokio::time::Instant::now(), fails, begun: RefCell::default() }
    }

    async fn upload(&self) -> Result<&'static str, String> {
        self.begun.borrow_mut().push(self.start.elapsed());
        tokio::time::sleep(Duration::from_millis(250)).await;
        let call = self.begun.borrow().len();
        if call > self.fails { Ok("uploaded") } else { Err(format!("busy {call}")) }
    }

    fn begun(&self) -> Vec<u128> {
        self.begun.borrow().iter().map(Duration::as_millis).collect()
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_stays_busy() -> Result<(), String> {
    let server = Server::new(usize::MAX);
    let error = retry::retry(async || server.upload().await).await.unwrap_err();
    assert_eq!(error, "busy 6");
    assert_eq!(server.begun(), [0, 1250, 3500, 7750, 16_000, 24_250]);
    assert_eq!(server.start.elapsed(), Duration::from_millis(24_500));
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_server_that_recovers() -> Result<(), String> {
    let server = Server::new(4);
    retry::retry(async || server.upload().await).await?;
    assert_eq!(server.begun(), [0, 1250, 3500, 7750, 16_000]);
    assert_eq!(server.start.elapsed(), Duration::from_millis(16_250));
    Ok(())
}

#[test]
#[should_panic(expected = "no reactor running")]
fn there_has_to_be_a_runtime() {
    let mut future = std::pin::pin!(retry::retry(async || Err::<(), _>("busy")));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    while future.as_mut().poll(&mut context).is_pending() {}
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
