//! fails: the_audit_line_comes_first
//! says: Calling builds a future
//!
//! An `.await` inside a block is no earlier than the `.await` of the block.

/// The bank that `pay` talks to. Tests bring their own.
pub trait Bank {
    fn write_audit(&self, cents: u64) -> impl Future<Output = ()>;
    /// Takes the money and returns the number of the receipt.
    fn charge_card(&self, cents: u64) -> impl Future<Output = u64>;
}

pub async fn pay(bank: &impl Bank, cents: u64) -> u64 {
    let audit = async { bank.write_audit(cents).await };
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
