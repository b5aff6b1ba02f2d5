//! fails: each_plan_is_carried_out_once
//! says: Every future that you await runs

use std::time::Duration;

use tokio::time::timeout;

/// The bank that `pay` talks to. Tests bring their own.
pub trait Bank {
    fn write_audit(&self, cents: u64) -> impl Future<Output = ()>;
    /// Takes the money and returns the number of the receipt.
    fn charge_card(&self, cents: u64) -> impl Future<Output = u64>;
}

pub async fn pay(bank: &impl Bank, cents: u64) -> u64 {
    bank.write_audit(cents).await;
    loop {
        if let Ok(receipt) = timeout(Duration::from_secs(1), bank.charge_card(cents)).await {
            return receipt;
        }
    }
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
