//! A type parameter for the closure, and `sleep_until`.

use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};

pub struct Backoff {
    /// At least 1.
    pub attempts: u32,
    pub first: Duration,
    pub cap: Duration,
}

#[derive(Debug, PartialEq)]
pub enum Failure {
    Temporary(String),
    Permanent(String),
}

pub async fn retry<T, Op>(backoff: Backoff, mut op: Op) -> Result<T, Failure>
where
    Op: AsyncFnMut(u32) -> Result<T, Failure>,
{
    let mut pause = backoff.first;
    let mut left = backoff.attempts;
    loop {
        left -= 1;
        match op(backoff.attempts - left).await {
            Err(Failure::Temporary(_)) if left > 0 => {
                pause = pause.min(backoff.cap);
                sleep_until(Instant::now() + pause).await;
                pause = pause.checked_add(pause).unwrap_or(backoff.cap);
            }
            Err(failure) => return Err(failure),
            Ok(value) => return Ok(value),
        }
    }
}

/// Can be used by one at a time.
struct Connection {
    sent: u32,
}

impl Connection {
    async fn upload(&mut self, report: &str) -> Result<u32, Failure> {
        sleep(Duration::from_millis(20)).await;
        self.sent += 1;
        println!("{report}, sent {} times", self.sent);
        if self.sent == 4 { Ok(self.sent) } else { Err(Failure::Temporary("busy".to_owned())) }
    }
}

#[tokio::main]
async fn main() {
    let mut connection = Connection { sent: 0 };
    let backoff = Backoff { attempts: 5, first: Duration::from_millis(100), cap: Duration::from_millis(300) };
    let outcome = retry(backoff, async |_| connection.upload("the report").await).await;
    println!("{outcome:?}; the connection has sent {} reports", connection.sent);
}
