//! Statements are filed while the next balances are on their way.
//!
//! Why the job stopped: the next request stood in line for the connection. When the first request was done, the
//! connection went to the next one, which lay in the buffer. Nobody polled the buffer, because the task waited in `file`,
//! for the same connection. With more connections the job ran, and only lost time: whatever was in the buffer stood still
//! during each `file`.
//!
//! A future inside a stream makes progress only while the stream is polled. So the requests are tasks now, and the runtime
//! polls them. A task in between, which polls the buffer and puts balances into a channel, moves the problem: while it
//! waits for room in the channel, it does not poll the buffer. Without a bound it never waits, and takes all accounts.
//!
//! The other good way is not to wait for anything else in the body. If statements could be filed side by side and in any
//! order, one future could ask for the balance and file the statement, and `for_each_concurrent` would poll all of them.
//! Or poll both at once, the requests and the `file`, in a `select!` that never leaves out the requests; then the results
//! need a place of their own until it is their turn. Take tasks if the futures can be spawned, which means that they are
//! `Send` and `'static`.

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
        // A task: it makes progress while we wait for something else. Its handle ends it if we are dropped.
        AbortOnDropHandle::new(tokio::spawn(async move { (account, bank.balance(account).await) }))
    });
    // The buffer holds handles now. It still limits how many tasks there are, and keeps their order.
    let mut balances = pin!(requests.buffered(at_once));
    while let Some(answer) = balances.next().await {
        let (account, balance) = answer.expect("a request does not panic");
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
