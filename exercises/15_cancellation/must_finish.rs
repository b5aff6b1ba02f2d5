//! `transfer` debits one account and then credits another one. It returns `Ok` when the money has
//! arrived. If the bank refuses a step, `transfer` returns that refusal, and there is no further
//! step. If a call of the bank panics, `transfer` panics.
//!
//! The web server drops `transfer` when a customer closes the page, at any moment. A transfer that
//! was polled at least once still runs to its end. One that was never polled moves no money.
//!
//! `cargo run`: two customers close the page, and money is missing.

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
    bank.debit(from, cents).await?;
    bank.credit(to, cents).await
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
