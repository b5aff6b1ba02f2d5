//! Arguable: polled in place, and given to the runtime when it is dropped half-way (a third one, see the report).

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{sleep, timeout};

/// The bank's reason.
#[derive(Debug, PartialEq)]
pub struct Refused(pub String);

/// Tests bring their own.
pub trait Bank: Send + Sync + 'static {
    fn debit(&self, account: u64, cents: u64) -> impl Future<Output = Result<(), Refused>> + Send;
    fn credit(&self, account: u64, cents: u64) -> impl Future<Output = Result<(), Refused>> + Send;
}

type Work = Pin<Box<dyn Future<Output = Result<(), Refused>> + Send>>;

struct Rescue {
    work: Option<Work>,
    runtime: Handle,
}

impl Future for Rescue {
    type Output = Result<(), Refused>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // If the poll panics, nothing is left for `drop`.
        let mut work = self.work.take().expect("not polled again after it was ready");
        let outcome = work.as_mut().poll(cx);
        if outcome.is_pending() {
            self.work = Some(work);
        }
        outcome
    }
}

impl Drop for Rescue {
    fn drop(&mut self) {
        if let Some(work) = self.work.take() {
            self.runtime.spawn(work);
        }
    }
}

pub async fn transfer<B: Bank>(bank: Arc<B>, from: u64, to: u64, cents: u64) -> Result<(), Refused> {
    let work: Work = Box::pin(async move {
        bank.debit(from, cents).await?;
        bank.credit(to, cents).await
    });
    Rescue { work: Some(work), runtime: Handle::current() }.await
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
