//! The pauses are an iterator; when it is at its end, the last attempt has failed.

use std::iter::successors;
use std::time::Duration;

use tokio::time::sleep;

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

pub async fn retry<T>(
    backoff: Backoff,
    mut op: impl AsyncFnMut(u32) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let longer = |pause: &Duration| Some(pause.saturating_mul(2).min(backoff.cap));
    let mut pauses =
        successors(Some(backoff.first.min(backoff.cap)), longer).take(backoff.attempts as usize - 1);
    for attempt in 1.. {
        let failed = match op(attempt).await {
            Err(Failure::Temporary(text)) => Failure::Temporary(text),
            outcome => return outcome,
        };
        match pauses.next() {
            Some(pause) => sleep(pause).await,
            None => return Err(failed),
        }
    }
    unreachable!("the loop returns")
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
