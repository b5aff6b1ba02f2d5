//! fails: dozens_at_once_in_one_task
//! says: `query` ran in the middle of its poll

// "dozens of calls may be under way at once": on a multi-threaded runtime it blocks in place, so calls in the `join!` of one task come one after the other, and one joined with the task that posts the answer hangs

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::task::{block_in_place, spawn_blocking};
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
    if Handle::current().runtime_flavor() == RuntimeFlavor::CurrentThread {
        return spawn_blocking(move || ledger.query(account)).await.map_err(|_| Unanswered);
    }
    // No need to move anything to another thread.
    block_in_place(|| catch_unwind(AssertUnwindSafe(|| ledger.query(account)))).map_err(|_| Unanswered)
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
