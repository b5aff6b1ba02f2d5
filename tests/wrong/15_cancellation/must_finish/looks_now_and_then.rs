//! fails: waiting_costs_nothing
//! says: it wakes up again and again to check
//!
//! Looks every 10 ms whether the task is finished.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};

/// The bank's reason.
#[derive(Debug, PartialEq)]
pub struct Refused(pub String);

/// Tests bring their own.
pub trait Bank: Send + Sync + 'static {
    fn debit(&self, account: u64, cents: u64) -> impl Future<Output = Result<(), Refused>> + Send;
    fn credit(&self, account: u64, cents: u64) -> impl Future<Output = Result<(), Refused>> + Send;
}

pub async fn transfer<B: Bank>(bank: Arc<B>, from: u64, to: u64, cents: u64) -> Result<(), Refused> {
    let steps = tokio::spawn(async move {
        bank.debit(from, cents).await?;
        bank.credit(to, cents).await
    });
    while !steps.is_finished() {
        sleep(Duration::from_millis(10)).await;
    }
    steps.await.expect("the bank panicked")
}

struct SlowBank;

impl Bank for SlowBank {
    async fn debit(&self, account: u64, cents: u64) -> Result<(), Refused> {
        sleep(Duration::from_millis(100)).await;
        println!("account {account}: -{cents}");
        sleep(Duration::from_millis(100)).await;
        Ok(())
    }

    async fn credit(&self, account: u64, cents: u64) -> Result<(), Refused> {
        sleep(Duration::from_millis(100)).await;
        println!("account {account}: +{cents}");
        sleep(Duration::from_millis(100)).await;
        Ok(())
    }
}

#[tokio::main]
async fn main() {
    let bank = Arc::new(SlowBank);
    println!("{:?}", transfer(bank.clone(), 1, 2, 500).await);
    for (from, closes) in [(3, 150), (5, 250)] {
        let transfer = transfer(bank.clone(), from, from + 1, 700);
        if timeout(Duration::from_millis(closes), transfer).await.is_err() {
            println!("the customer of account {from} closed the page");
        }
    }
    sleep(Duration::from_secs(1)).await;
}
