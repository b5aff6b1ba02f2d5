//! fails: the_audit_line_comes_first
//! says: For an earlier one, it called and awaited both functions
//!
//! A static for all calls, the second payment is charged without a line.

use tokio::sync::OnceCell;

/// The bank that `pay` talks to. Tests bring their own.
pub trait Bank {
    fn write_audit(&self, cents: u64) -> impl Future<Output = ()>;
    /// Takes the money and returns the number of the receipt.
    fn charge_card(&self, cents: u64) -> impl Future<Output = u64>;
}

static AUDIT: OnceCell<()> = OnceCell::const_new();

pub async fn pay(bank: &impl Bank, cents: u64) -> u64 {
    // One audit line, and everyone waits until it is written.
    AUDIT.get_or_init(|| bank.write_audit(cents)).await;
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
