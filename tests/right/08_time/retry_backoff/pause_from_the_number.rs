//! A function computes the pause from the number of the attempt.

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

impl Backoff {
    fn pause_after(&self, attempt: u32) -> Duration {
        let factor = 2u128.saturating_pow(attempt - 1);
        let nanos = self.first.as_nanos().saturating_mul(factor);
        u64::try_from(nanos).map_or(self.cap, |nanos| Duration::from_nanos(nanos).min(self.cap))
    }
}

pub async fn retry<T>(
    backoff: Backoff,
    mut op: impl AsyncFnMut(u32) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let mut attempt = 1;
    loop {
        let outcome = op(attempt).await;
        let again = matches!(outcome, Err(Failure::Temporary(_))) && attempt < backoff.attempts;
        if !again {
            return outcome;
        }
        sleep(backoff.pause_after(attempt)).await;
        attempt += 1;
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
