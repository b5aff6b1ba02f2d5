//! Both sides in a `join!`, the charge waits for a message of the audit.

use tokio::sync::oneshot;

/// The bank that `pay` talks to. Tests bring their own.
pub trait Bank {
    fn write_audit(&self, cents: u64) -> impl Future<Output = ()>;
    /// Takes the money and returns the number of the receipt.
    fn charge_card(&self, cents: u64) -> impl Future<Output = u64>;
}

pub async fn pay(bank: &impl Bank, cents: u64) -> u64 {
    let (done, written) = oneshot::channel::<()>();
    let audit = async move {
        bank.write_audit(cents).await;
        let _ = done.send(());
    };
    let charge = async move {
        written.await.expect("the audit says when it is done");
        bank.charge_card(cents).await
    };
    let ((), receipt) = tokio::join!(audit, charge);
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
