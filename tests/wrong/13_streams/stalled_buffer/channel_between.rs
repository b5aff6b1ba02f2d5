//! fails: one_connection_is_enough
//! says: An account is in hand from the moment when it is taken out of `accounts` until its statement begins
//!
//! Requests go on while a statement is filed, and at most at_once in hand: the task waits for room in the channel and polls no stream meanwhile; up to at_once more balances wait in the channel.

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
    let (tx, mut rx) = tokio::sync::mpsc::channel(at_once);
    let asking = Arc::clone(&bank);
    let _task = AbortOnDropHandle::new(tokio::spawn(async move {
        let balances = accounts.map(move |account| {
            let bank = Arc::clone(&asking);
            async move { (account, bank.balance(account).await) }
        });
        let mut balances = pin!(balances.buffered(at_once));
        while let Some(balance) = balances.next().await {
            if tx.send(balance).await.is_err() {
                return;
            }
        }
    }));
    while let Some((account, balance)) = rx.recv().await {
        bank.file(account, balance).await;
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
