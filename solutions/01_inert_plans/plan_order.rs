//! `pay` charges a card and returns the bank's receipt number, after the audit line was written.
//!
//! Why the starter charged first: the two calls only built two plans, and a plan does not begin by being
//! made first. Work happens at the `.await`, and two awaits in a row happen in the order in which they
//! stand. Awaiting each call on the spot (`bank.write_audit(cents).await;`) is the usual way to write it;
//! the names are kept here to show that the order of the calls does not count.

/// The bank that `pay` talks to. Tests bring their own.
pub trait Bank {
    fn write_audit(&self, cents: u64) -> impl Future<Output = ()>;
    /// Takes the money and returns the number of the receipt.
    fn charge_card(&self, cents: u64) -> impl Future<Output = u64>;
}

pub async fn pay(bank: &impl Bank, cents: u64) -> u64 {
    let audit = bank.write_audit(cents);
    let charge = bank.charge_card(cents);

    // This line returns when the audit is written, to its end. Only then does the next one begin.
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
