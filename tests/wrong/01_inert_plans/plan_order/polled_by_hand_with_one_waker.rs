//! fails: pay_goes_on_in_another_task
//! says: the newest task, which waits for it, was not woken

use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context, Poll};

/// The bank that `pay` talks to. Tests bring their own.
pub trait Bank {
    fn write_audit(&self, cents: u64) -> impl Future<Output = ()>;
    /// Takes the money and returns the number of the receipt.
    fn charge_card(&self, cents: u64) -> impl Future<Output = u64>;
}

/// Polls a plan with the waker that was there at the start.
async fn by_hand<F: Future>(plan: F) -> F::Output {
    let mut plan = pin!(plan);
    let waker = poll_fn(|context| Poll::Ready(context.waker().clone())).await;
    let mut context = Context::from_waker(&waker);
    poll_fn(|_| plan.as_mut().poll(&mut context)).await
}

pub async fn pay(bank: &impl Bank, cents: u64) -> u64 {
    let audit = by_hand(bank.write_audit(cents));
    let charge = by_hand(bank.charge_card(cents));
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
