//! fails: a_transfer_that_has_begun_comes_to_its_end
//! says: got money back
//!
//! Gives the money back when it is dropped after the debit, and does not finish the transfer.

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
    let mut refund = Refund { bank: Arc::clone(&bank), account: from, cents, due: false };
    let debit = tokio::spawn({
        let bank = Arc::clone(&bank);
        async move { bank.debit(from, cents).await }
    });
    refund.due = true;
    let debited = debit.await.expect("the bank panicked");
    if debited.is_ok() {
        let credited = bank.credit(to, cents).await;
        refund.due = false;
        return credited;
    }
    refund.due = false;
    debited
}

struct Refund<B: Bank> {
    bank: Arc<B>,
    account: u64,
    cents: u64,
    due: bool,
}

impl<B: Bank> Drop for Refund<B> {
    fn drop(&mut self) {
        if self.due {
            let (bank, account, cents) = (Arc::clone(&self.bank), self.account, self.cents);
            tokio::spawn(async move { bank.credit(account, cents).await });
        }
    }
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
