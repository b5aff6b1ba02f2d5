//! fails: any_number_is_a_balance
//! says: but `balance` returned something else

// Any value may be a balance; `i64::MIN` stands for "it panicked" here.

use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use tokio::time::sleep;

/// The old library. Tests bring their own.
pub trait Ledger: Send + Sync + 'static {
    /// Blocks the calling thread until the answer is there. Panics when the line to the bank is dead.
    fn query(&self, account: u32) -> i64;
}

/// `query` panicked.
#[derive(Debug, PartialEq)]
pub struct Unanswered;

/// The balance of the account, asked for once; `Unanswered` when that `query` panicked.
pub async fn balance(ledger: Arc<impl Ledger>, account: u32) -> Result<i64, Unanswered> {
    let balance = tokio::task::spawn_blocking(move || ledger.query(account)).await.unwrap_or(i64::MIN);
    if balance == i64::MIN { Err(Unanswered) } else { Ok(balance) }
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
