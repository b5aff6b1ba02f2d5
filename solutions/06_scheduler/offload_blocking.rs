//! An async wrapper around a library that blocks.
//!
//! Why the starter hung: a current-thread runtime has one thread. `query` occupied it while it waited for an answer
//! from a task, and that task could not be polled because the thread was occupied. An async function around a blocking
//! call does not change the call. Neither does `tokio::spawn`: the runtime would poll the spawned task with the same
//! thread. With more workers, it only takes more callers at once until it hangs.
//!
//! `spawn_blocking` gives the call to a thread that may wait, from a pool that runs no tasks. The handle is a future
//! like any other: `balance` gives its thread back until it is woken with the value. Your own thread that answers
//! through `tokio::sync::oneshot` does the same. `block_in_place` does not: it needs another worker that takes over the
//! tasks, and panics on a current-thread runtime.

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
    // The closure has to be `'static`, so it owns the `Arc`.
    let query = spawn_blocking(move || ledger.query(account));
    // A panic of the closure stops there. It arrives here as a `JoinError`, like the panic of a task.
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
