//! A transfer that has begun runs to its end, whatever becomes of the request that asked for it.
//!
//! Why money was missing: the server dropped `transfer`, and its two steps were a part of that future. It stopped at the `.await`
//! where it was waiting, and what came after that never ran.
//!
//! A task belongs to the runtime. When the server drops `transfer` now, only the handle goes, which detaches the task. As long as
//! `transfer` is there, it waits for the handle, so it returns when the money has arrived, with the bank's answer.
//!
//! Both steps are in one task. If `transfer` awaited the debit itself and spawned only the credit, a page that is closed during the
//! debit would still cost money: the bank may have made the debit when its answer is on the way. And `spawn` stands inside of the
//! `async fn`, so a transfer that is never polled moves nothing.
//!
//! A refund in `Drop` is not a way out. `drop` cannot await the bank, and it does not know whether the debit was made.
//!
//! What remains: the end of the runtime ends this task, too. How a server waits for its tasks before it ends is what chapter 16 is
//! about, and a crash needs a bank that makes both steps or none.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};

/// The bank's reason.
#[derive(Debug, PartialEq)]
pub struct Refused(pub String);

/// Tests bring their own.
pub trait Bank: Send + Sync + 'static {
    fn debit(&self, account: u64, cents: u64) -> impl Future<Output = Result<(), Refused>> + Send;
    fn credit(&self, account: u64, cents: u64) -> impl Future<Output = Result<(), Refused>> + Send;
}

pub async fn transfer<B: Bank>(bank: Arc<B>, from: u64, to: u64, cents: u64) -> Result<(), Refused> {
    let steps = tokio::spawn(async move {
        bank.debit(from, cents).await?;
        bank.credit(to, cents).await
    });
    match steps.await {
        Ok(outcome) => outcome,
        // Nobody aborts this task, so an error is a panic. It goes on as if there were no task in between.
        Err(error) => resume_unwind(error.into_panic()),
    }
}

struct SlowBank;

impl Bank for SlowBank {
    async fn debit(&self, account: u64, cents: u64) -> Result<(), Refused> {
        sleep(Duration::from_millis(100)).await;
        println!("account {account}: -{cents}");
        sleep(Duration::from_millis(100)).await;
        Ok(())
    }

    async fn credit(&self, account: u64, cents: u64) -> Result<(), Refused> {
        sleep(Duration::from_millis(100)).await;
        println!("account {account}: +{cents}");
        sleep(Duration::from_millis(100)).await;
        Ok(())
    }
}

#[tokio::main]
async fn main() {
    let bank = Arc::new(SlowBank);
    println!("{:?}", transfer(bank.clone(), 1, 2, 500).await);
    for (from, closes) in [(3, 150), (5, 250)] {
        let transfer = transfer(bank.clone(), from, from + 1, 700);
        if timeout(Duration::from_millis(closes), transfer).await.is_err() {
            println!("the customer of account {from} closed the page");
        }
    }
    sleep(Duration::from_secs(1)).await;
}
