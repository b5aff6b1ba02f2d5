//! fails: no_audit_no_charge
//! says: the charge was begun anyway

// A panic of the audit is caught, and taken for its end.

/// The bank that `pay` talks to. Tests bring their own.
pub trait Bank {
    fn write_audit(&self, cents: u64) -> impl Future<Output = ()>;
    /// Takes the money and returns the number of the receipt.
    fn charge_card(&self, cents: u64) -> impl Future<Output = u64>;
}

pub async fn pay(bank: &impl Bank, cents: u64) -> u64 {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::task::Poll;
    let mut audit = std::pin::pin!(bank.write_audit(cents));
    std::future::poll_fn(|cx| {
        catch_unwind(AssertUnwindSafe(|| audit.as_mut().poll(cx))).unwrap_or(Poll::Ready(()))
    })
    .await;
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
