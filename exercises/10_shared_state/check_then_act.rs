//! A prepaid account pays bills. If the balance covers the amount, `pay` takes it out, has the
//! audit write the payment down, and returns `Ok` when that is done. If the balance does not
//! cover it, `pay` refuses at once, and nothing is changed or written. If the audit fails, the
//! amount is in the account again. The audit is slow, so it handles any number of payments at
//! the same time, also of one account. Deposits go on meanwhile.
//!
//! The account had 100 euros, and two bills of 80 came in at the same time. Both were paid, and
//! the account still says 20.

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
        let balance = self.balance();
        if balance < amount {
            return Err(Refused::NotCovered);
        }
        if !audit.write(amount).await {
            return Err(Refused::AuditFailed);
        }
        *self.balance.lock().unwrap() = balance - amount;
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
