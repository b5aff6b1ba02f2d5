//! fails: the_audit_line_comes_first
//! says: Every future that you await runs: build one, and wait for that one
//!
//! Drops a slow audit and begins another one each second, without end.

use std::time::Duration;
use tokio::time::timeout;

/// The bank that `pay` talks to. Tests bring their own.
pub trait Bank {
    fn write_audit(&self, cents: u64) -> impl Future<Output = ()>;
    /// Takes the money and returns the number of the receipt.
    fn charge_card(&self, cents: u64) -> impl Future<Output = u64>;
}

pub async fn pay(bank: &impl Bank, cents: u64) -> u64 {
    // No money before the line is written: try until it is.
    while timeout(Duration::from_secs(1), bank.write_audit(cents)).await.is_err() {
        eprintln!("audit is late, trying again");
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
