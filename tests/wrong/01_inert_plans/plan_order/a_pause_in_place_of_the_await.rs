//! fails: the_audit_line_comes_first
//! says: The card was charged while the audit line was still being written

use std::pin::pin;

/// The bank that `pay` talks to. Tests bring their own.
pub trait Bank {
    fn write_audit(&self, cents: u64) -> impl Future<Output = ()>;
    /// Takes the money and returns the number of the receipt.
    fn charge_card(&self, cents: u64) -> impl Future<Output = u64>;
}

pub async fn pay(bank: &impl Bank, cents: u64) -> u64 {
    let mut audit = pin!(bank.write_audit(cents));
    tokio::select! {
        () = &mut audit => return bank.charge_card(cents).await,
        () = tokio::time::sleep(std::time::Duration::from_millis(500)) => {}
    }
    let receipt = bank.charge_card(cents).await;
    audit.await;
    receipt
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
