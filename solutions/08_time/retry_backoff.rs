//! `retry` calls `op` until it succeeds, with pauses that double up to a cap.
//!
//! Why the closure was refused: `FnMut(u32) -> Fut` has one type `Fut` for the futures of all calls. The future of
//! `connection.upload(…)` borrows the connection, through the closure, for the length of that call, so its type is another
//! one each time. `AsyncFnMut` says that a call returns *some* future, which may borrow from the closure. The closure must
//! be an `async` one: the plain `|_| connection.upload(…)` still returns a borrow that would have to outlive the call.
//! Without `AsyncFnMut` one would share the connection instead (`Arc<Mutex<…>>`, a clone for each call), and lock what
//! nobody else uses.
//!
//! About the pauses: there is one fewer than there are attempts, so the loop decides whether to go on before it sleeps. The
//! pause is kept and doubled within its bounds. Computed from the attempt's number, `first * 2u32.pow(attempt - 1)`, it
//! overflows at attempt 33, and with `saturating_pow` it stops growing there. Many clients that fail together also come back
//! together; in production, add some randomness to each pause ("jitter").

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

pub async fn retry<T>(
    backoff: Backoff,
    mut op: impl AsyncFnMut(u32) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let mut attempt = 1;
    let mut pause = backoff.first.min(backoff.cap);
    loop {
        match op(attempt).await {
            Err(Failure::Temporary(_)) if attempt < backoff.attempts => {
                sleep(pause).await;
                attempt += 1;
                pause = pause.saturating_mul(2).min(backoff.cap);
            }
            // A success, a permanent failure, or the last failure: nothing that is worth waiting for.
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
