//! fails: nothing_is_left_when_it_is_dropped
//! says: filing were still under way afterwards. What it has started ends with it
//!
//! Dropping cancels everything: the requests are aborted, but the filing runs in a task whose JoinHandle does not stop it.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures::{Stream, StreamExt, stream};
use tokio::sync::Mutex;
use tokio::time::sleep;
use tokio_util::task::AbortOnDropHandle;

/// Its calls do not panic. Tests bring their own.
pub trait Bank: Send + Sync + 'static {
    fn balance(&self, account: u64) -> impl Future<Output = i64> + Send;
    fn file(&self, account: u64, balance: i64) -> impl Future<Output = ()> + Send;
}

/// Returns when every statement is filed. `at_once` is 1 to 1,000.
pub async fn statements<B: Bank>(
    accounts: impl Stream<Item = u64> + Unpin + Send + 'static,
    at_once: usize,
    bank: Arc<B>,
) {
    let requests = accounts.map(|account| {
        let bank = Arc::clone(&bank);
        AbortOnDropHandle::new(tokio::spawn(async move { (account, bank.balance(account).await) }))
    });
    let mut balances = pin!(requests.buffered(at_once));
    while let Some(answer) = balances.next().await {
        let (account, balance) = answer.expect("the bank does not panic");
        let bank = Arc::clone(&bank);
        let filing = tokio::spawn(async move { bank.file(account, balance).await });
        filing.await.expect("the bank does not panic");
    }
}

struct Database {
    connection: Mutex<()>,
}

impl Bank for Database {
    async fn balance(&self, account: u64) -> i64 {
        let _connection = self.connection.lock().await;
        println!("account {account}: asking for the balance");
        sleep(Duration::from_millis(100)).await;
        account as i64 * 10
    }

    async fn file(&self, account: u64, balance: i64) {
        println!("account {account}: {balance}, to be filed");
        let _connection = self.connection.lock().await;
        sleep(Duration::from_millis(100)).await;
        println!("account {account}: filed");
    }
}

#[tokio::main]
async fn main() {
    let bank = Database { connection: Mutex::new(()) };
    statements(stream::iter(1..=4), 2, Arc::new(bank)).await;
    println!("all statements are filed");
}
