//! fails: pay_takes_as_long_as_the_bank
//! says: it kept checking

use std::pin::pin;
use std::time::Duration;

use tokio::time::timeout;

/// The bank that `pay` talks to. Tests bring their own.
pub trait Bank {
    fn write_audit(&self, cents: u64) -> impl Future<Output = ()>;
    /// Takes the money and returns the number of the receipt.
    fn charge_card(&self, cents: u64) -> impl Future<Output = u64>;
}

pub async fn pay(bank: &impl Bank, cents: u64) -> u64 {
    let mut audit = pin!(bank.write_audit(cents));
    while timeout(Duration::from_millis(10), audit.as_mut()).await.is_err() {
        println!("the audit line is not written yet");
    }
    bank.charge_card(cents).await
}

struct LoudBank;

impl Bank for LoudBank {
    async fn write_audit(&self, cents: u64) {
        println!("audit: {cents} cents are about to be charged");
    }

    async fn charge_card(&self, cents: u64) -> u64 {
        println!("charge: {cents} cents");
        4711
    }
}

#[tokio::main]
async fn main() {
    println!("receipt {}", pay(&LoudBank, 1999).await);
}
