//! `pay` charges a card once and returns the bank's receipt number, after the audit line is written.
//!
//! Why the starter charged first: the two calls only made two futures, and making a future first does not start
//! it first. The work happens at each `.await`, and two awaits in a row happen in the order in which you write
//! them. Awaiting each call directly (`bank.write_audit(cents).await;`) is the usual way to write this; the
//! variables are kept here to show that the order of the calls does not matter.

/// The bank that `pay` talks to. The tests use their own.
pub trait Bank {
    fn write_audit(&self, cents: u64) -> impl Future<Output = ()>;
    /// Takes the money and returns the number of the receipt.
    fn charge_card(&self, cents: u64) -> impl Future<Output = u64>;
}

pub async fn pay(bank: &impl Bank, cents: u64) -> u64 {
    let audit = bank.write_audit(cents);
    let charge = bank.charge_card(cents);

    // This line is done when the audit line is completely written. Only then does the next line begin.
    audit.await;
    charge.await
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
