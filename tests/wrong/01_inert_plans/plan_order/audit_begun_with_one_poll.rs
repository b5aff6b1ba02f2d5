//! fails: a_bank_may_be_quick
//! says: A future was polled again after it was ready

// A poll sets the plan going, and its answer is thrown away: it may have been `Ready`.

/// The bank that `pay` talks to. Tests bring their own.
pub trait Bank {
    fn write_audit(&self, cents: u64) -> impl Future<Output = ()>;
    /// Takes the money and returns the number of the receipt.
    fn charge_card(&self, cents: u64) -> impl Future<Output = u64>;
}

pub async fn pay(bank: &impl Bank, cents: u64) -> u64 {
    let mut audit = std::pin::pin!(bank.write_audit(cents));
    std::future::poll_fn(|cx| std::task::Poll::Ready(audit.as_mut().poll(cx).is_ready())).await;
    audit.await;
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
