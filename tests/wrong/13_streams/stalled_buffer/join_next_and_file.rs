//! fails: requests_go_on_while_a_statement_is_filed
//! says: was being filed. A future inside a stream makes progress only while the stream is polled
//!
//! Requests that have begun go on while a statement is filed: as soon as the next balance is there, nobody polls the others until the filing is over, and the line may be stuck again.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures::{Stream, StreamExt, stream};
use tokio::sync::Mutex;
use tokio::time::sleep;

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
    let balances = accounts.map(|account| {
        let bank = Arc::clone(&bank);
        async move { (account, bank.balance(account).await) }
    });
    let mut balances = pin!(balances.buffered(at_once));
    let mut current = balances.next().await;
    while let Some((account, balance)) = current {
        // The requests go on while this one is filed.
        let ((), next) = tokio::join!(bank.file(account, balance), balances.next());
        current = next;
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
