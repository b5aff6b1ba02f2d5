//! right: Makes the steps where it is polled, and gives the rest to a task when it is dropped.

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

pub async fn transfer<B: Bank>(bank: Arc<B>, from: u64, to: u64, cents: u64) -> Result<(), Refused> {
    let steps = async move {
        bank.debit(from, cents).await?;
        bank.credit(to, cents).await
    };
    Insistent { rest: Some(Box::pin(steps)), runtime: Handle::current() }.await
}

struct Insistent<F: Future<Output: Send> + Send + 'static> {
    rest: Option<Pin<Box<F>>>,
    runtime: Handle,
}

impl<F: Future<Output: Send> + Send + 'static> Future for Insistent<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        // Taken out: after a panic, or when it is ready, nothing is left to be done.
        let mut rest = self.rest.take().expect("it is not polled again when it was ready");
        let polled = rest.as_mut().poll(cx);
        if polled.is_pending() {
            self.rest = Some(rest);
        }
        polled
    }
}

impl<F: Future<Output: Send> + Send + 'static> Drop for Insistent<F> {
    fn drop(&mut self) {
        if let Some(rest) = self.rest.take() {
            self.runtime.spawn(rest);
        }
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
