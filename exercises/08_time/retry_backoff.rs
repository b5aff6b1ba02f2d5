//! `retry` calls `op` until it succeeds, at most `attempts` times. A permanent failure is returned at once; when the last
//! attempt fails, its failure is returned at once. After every other failure `retry` waits, so that the server can
//! recover: for `first` after the first failure, then each time for twice as long as before, but never for longer than
//! `cap`.
//!
//! `op` is a closure that gets the number of the attempt, from 1 on. It may use a `&mut` to something outside of it in
//! every attempt, as the one in `main` does with its connection.
//!
//! The waiting is still to be written. Before that, the compiler refuses the closure in `main`: "captured variable
//! cannot escape `FnMut` closure body". The body of `main` may change, but the connection stays what it is.

use std::time::Duration;

use tokio::time::sleep;

pub struct Backoff {
    /// At least 1.
    pub attempts: u32,
    /// At least 1 ms.
    pub first: Duration,
    pub cap: Duration,
}

#[derive(Debug, PartialEq)]
pub enum Failure {
    Temporary(String),
    Permanent(String),
}

pub async fn retry<T, Op, Fut>(backoff: Backoff, mut op: Op) -> Result<T, Failure>
where
    Op: FnMut(u32) -> Fut,
    Fut: Future<Output = Result<T, Failure>>,
{
    let mut attempt = 1;
    loop {
        match op(attempt).await {
            Err(Failure::Temporary(_)) if attempt < backoff.attempts => attempt += 1,
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
    let outcome = retry(backoff, |_| connection.upload("the report")).await;
    println!("{outcome:?}; the connection has sent {} reports", connection.sent);
}
