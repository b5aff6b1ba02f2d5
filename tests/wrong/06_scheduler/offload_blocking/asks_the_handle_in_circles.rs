//! fails: balance_sleeps_meanwhile
//! says: a loop that keeps asking burns a core

use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use tokio::task::{spawn_blocking, yield_now};
use tokio::time::sleep;

/// The old library. Tests bring their own.
pub trait Ledger: Send + Sync + 'static {
    /// Blocks the calling thread until the answer is there. Panics when the line to the bank is dead.
    fn query(&self, account: u32) -> i64;
}

/// `query` panicked.
#[derive(Debug, PartialEq)]
pub struct Unanswered;

/// The balance of the account; `Unanswered` when `query` panicked.
pub async fn balance(ledger: Arc<impl Ledger>, account: u32) -> Result<i64, Unanswered> {
    let query = spawn_blocking(move || ledger.query(account));
    while !query.is_finished() {
        yield_now().await;
    }
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
