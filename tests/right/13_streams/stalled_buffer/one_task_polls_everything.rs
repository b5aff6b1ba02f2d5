//! No tasks: the requests and the statement that is being filed are polled side by side.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures::future::OptionFuture;
use futures::stream::FuturesUnordered;
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
    let mut accounts = accounts.enumerate().fuse();
    let mut requests = FuturesUnordered::new();
    let mut here = BTreeMap::new();
    let (mut taken, mut next) = (0, 0);
    let mut filing = pin!(OptionFuture::from(None));
    let mut busy = false;
    loop {
        if !busy && let Some((account, balance)) = here.remove(&next) {
            next += 1;
            busy = true;
            filing.set(Some(bank.file(account, balance)).into());
        }
        tokio::select! {
            _ = &mut filing, if busy => busy = false,
            Some((number, account)) = accounts.next(), if taken - next < at_once => {
                taken += 1;
                let bank = &bank;
                requests.push(async move { (number, account, bank.balance(account).await) });
            }
            Some((number, account, balance)) = requests.next() => {
                here.insert(number, (account, balance));
            }
            else => return,
        }
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
