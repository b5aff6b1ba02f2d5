//! An async wrapper around a library that blocks.
//!
//! Why the starter hung: a runtime of one thread has one thread. `query` kept it, waiting for an answer that a task
//! was to post, and that task could not be polled because the thread was kept. An async function around a blocking
//! call does not change the call. Neither does `tokio::spawn`: the runtime would poll the spawned task with the same
//! thread. With more workers the hang only needs more callers at once.
//!
//! `spawn_blocking` gives the call to a thread that is there for waiting, from a pool that runs no tasks. The handle
//! is a future like any other: `balance` steps aside until it is woken with the value. A thread of one's own that
//! answers through `tokio::sync::oneshot` does the same. `block_in_place` does not: it needs another worker that takes
//! over the tasks, and panics on a current-thread runtime.

use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::sleep;

/// The old library. Tests bring their own.
pub trait Ledger: Send + Sync + 'static {
    /// Blocks the calling thread until the answer is there. Panics when the line to the bank is dead.
    fn query(&self, account: u32) -> i64;
}

/// `query` panicked.
#[derive(Debug, PartialEq)]
pub struct Unanswered;

/// The balance of the account, asked for once; `Unanswered` when `query` panicked.
pub async fn balance(ledger: Arc<impl Ledger>, account: u32) -> Result<i64, Unanswered> {
    // The closure has to be `'static`, so it takes the `Arc` along.
    let query = spawn_blocking(move || ledger.query(account));
    // A panic of the closure ends there. It arrives here as a `JoinError`, as that of a task does.
    query.await.map_err(|_| Unanswered)
}

struct Mainframe(Mutex<mpsc::Receiver<i64>>);

impl Ledger for Mainframe {
    fn query(&self, account: u32) -> i64 {
        println!("query: what is in account {account}?");
        self.0.lock().unwrap().recv().unwrap()
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (post, answers) = mpsc::channel();
    tokio::spawn(async move {
        sleep(Duration::from_millis(200)).await;
        println!("the answer is posted");
        post.send(1250).unwrap();
    });
    println!("balance: {:?}", balance(Arc::new(Mainframe(Mutex::new(answers))), 7).await);
}
