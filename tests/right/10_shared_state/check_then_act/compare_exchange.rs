//! An atomic and a loop: try until nobody has come in between.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

#[derive(Debug, PartialEq)]
pub enum Refused {
    NotCovered,
    AuditFailed,
}

/// Writes payments down, or returns `false` where it could not. Tests bring their own.
pub trait Audit: Send + Sync + 'static {
    fn write(&self, amount: u64) -> impl Future<Output = bool> + Send;
}

pub struct Account {
    balance: AtomicU64,
}

impl Account {
    pub fn new(balance: u64) -> Self {
        Self { balance: AtomicU64::new(balance) }
    }

    pub fn balance(&self) -> u64 {
        self.balance.load(Ordering::SeqCst)
    }

    pub fn deposit(&self, amount: u64) {
        self.balance.fetch_add(amount, Ordering::SeqCst);
    }

    pub async fn pay<A: Audit>(&self, amount: u64, audit: &A) -> Result<(), Refused> {
        loop {
            let balance = self.balance();
            if balance < amount {
                return Err(Refused::NotCovered);
            }
            let left = balance - amount;
            if self.balance.compare_exchange(balance, left, Ordering::SeqCst, Ordering::SeqCst).is_ok() {
                break;
            }
        }
        let written = audit.write(amount).await;
        if !written {
            self.balance.fetch_add(amount, Ordering::SeqCst);
            return Err(Refused::AuditFailed);
        }
        Ok(())
    }
}

struct Paper;

impl Audit for Paper {
    async fn write(&self, amount: u64) -> bool {
        tokio::task::yield_now().await;
        println!("paid: {amount}");
        true
    }
}

#[tokio::main]
async fn main() {
    let account = Arc::new(Account::new(100));
    let bills = [80, 80].map(|amount| {
        let account = account.clone();
        tokio::spawn(async move { account.pay(amount, &Paper).await })
    });
    for bill in bills {
        println!("{:?}", bill.await.unwrap());
    }
    println!("left: {}", account.balance());
}
