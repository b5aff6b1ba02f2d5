//! fails: pauses_double_up_to_the_cap
//! says: it wakes up again and again to check

use std::time::Duration;

use tokio::time::{Instant, sleep};

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
    let mut attempt = 1;
    let mut pause = backoff.first.min(backoff.cap);
    loop {
        match op(attempt).await {
            Err(Failure::Temporary(_)) if attempt < backoff.attempts => {
                let failed = Instant::now();
                while failed.elapsed() < pause {
                    sleep(Duration::from_millis(10)).await;
                }
                pause = pause.saturating_mul(2).min(backoff.cap);
                attempt += 1;
            }
            outcome => return outcome,
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
