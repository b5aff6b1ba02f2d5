//! No tasks: while a statement is filed, the same select! polls the requests, and their results wait in a queue that counts as in hand.

use std::collections::VecDeque;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures::stream::FuturesOrdered;
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
    let mut accounts = accounts;
    let mut ended = false;
    let mut requests = FuturesOrdered::new();
    let mut there: VecDeque<(u64, i64)> = VecDeque::new();
    loop {
        let may_take = !ended && requests.len() + there.len() < at_once;
        let nothing_there = there.is_empty();
        let (account, balance) = tokio::select! {
            biased;
            account = accounts.next(), if may_take => {
                match account {
                    Some(account) => requests.push_back(ask(Arc::clone(&bank), account)),
                    None => ended = true,
                }
                continue;
            }
            first = async { there.pop_front().expect("not empty") }, if !nothing_there => first,
            Some(first) = requests.next(), if nothing_there => first,
            else => return,
        };
        let mut filing = pin!(bank.file(account, balance));
        loop {
            tokio::select! {
                biased;
                Some(next) = requests.next() => there.push_back(next),
                () = &mut filing => break,
            }
        }
    }
}

async fn ask<B: Bank>(bank: Arc<B>, account: u64) -> (u64, i64) {
    let balance = bank.balance(account).await;
    (account, balance)
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
