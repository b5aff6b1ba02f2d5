//! fails: payments_do_not_wait_for_each_other
//! says: was not done before the first

use tokio::sync::Mutex;

/// The bank that `pay` talks to. Tests bring their own.
pub trait Bank {
    fn write_audit(&self, cents: u64) -> impl Future<Output = ()>;
    /// Takes the money and returns the number of the receipt.
    fn charge_card(&self, cents: u64) -> impl Future<Output = u64>;
}

static MONEY_MOVES: Mutex<()> = Mutex::const_new(());

pub async fn pay(bank: &impl Bank, cents: u64) -> u64 {
    // No money moves while an audit line is being written.
    let _nobody_else = MONEY_MOVES.lock().await;
    bank.write_audit(cents).await;
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
