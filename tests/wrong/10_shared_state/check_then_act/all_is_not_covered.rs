//! fails: every_covered_amount_is_paid
//! says: got a bill of

use std::sync::{Arc, Mutex};

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
    balance: Mutex<u64>,
}

impl Account {
    pub fn new(balance: u64) -> Self {
        Self { balance: Mutex::new(balance) }
    }

    pub fn balance(&self) -> u64 {
        *self.balance.lock().unwrap()
    }

    pub fn deposit(&self, amount: u64) {
        *self.balance.lock().unwrap() += amount;
    }

    pub async fn pay<A: Audit>(&self, amount: u64, audit: &A) -> Result<(), Refused> {
        {
            let mut balance = self.balance.lock().unwrap();
            if *balance <= amount {
                return Err(Refused::NotCovered);
            }
            *balance -= amount;
        }
        if !audit.write(amount).await {
            *self.balance.lock().unwrap() += amount;
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
