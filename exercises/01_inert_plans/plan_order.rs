//! `pay` charges a card once and returns the bank's receipt number. The auditors insist:
//! before any money moves, one audit line must be completely written, even if that takes a
//! week. Other people's payments go on in the meantime.
//!
//! The code below calls `write_audit` first. Even so, `cargo run` logs the charge first.

/// The bank that `pay` talks to. The tests use their own.
pub trait Bank {
    fn write_audit(&self, cents: u64) -> impl Future<Output = ()>;
    /// Takes the money and returns the number of the receipt.
    fn charge_card(&self, cents: u64) -> impl Future<Output = u64>;
}

pub async fn pay(bank: &impl Bank, cents: u64) -> u64 {
    // The audit has to come first, so it is called first.
    let audit = bank.write_audit(cents);
    let charge = bank.charge_card(cents);

    let receipt = charge.await;
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
