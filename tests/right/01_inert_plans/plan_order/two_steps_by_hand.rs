//! A state machine of two steps, polled by hand.

use std::future::poll_fn;
use std::task::ready;

/// The bank that `pay` talks to. Tests bring their own.
pub trait Bank {
    fn write_audit(&self, cents: u64) -> impl Future<Output = ()>;
    /// Takes the money and returns the number of the receipt.
    fn charge_card(&self, cents: u64) -> impl Future<Output = u64>;
}

enum Step<A, C> {
    Audit(A),
    Charge(C),
}

pub async fn pay(bank: &impl Bank, cents: u64) -> u64 {
    let mut step = Step::Audit(Box::pin(bank.write_audit(cents)));
    poll_fn(|cx| {
        loop {
            match &mut step {
                Step::Audit(audit) => {
                    ready!(audit.as_mut().poll(cx));
                    step = Step::Charge(Box::pin(bank.charge_card(cents)));
                }
                Step::Charge(charge) => return charge.as_mut().poll(cx),
            }
        }
    })
    .await
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
