//! A guard gives the amount back unless the payment was written: also if it is dropped.

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
        let taken = Taken::from(self, amount).ok_or(Refused::NotCovered)?;
        match audit.write(amount).await {
            true => {
                taken.keep();
                Ok(())
            }
            false => Err(Refused::AuditFailed),
        }
    }
}

struct Taken<'a>(&'a Account, u64);

impl<'a> Taken<'a> {
    fn from(account: &'a Account, amount: u64) -> Option<Self> {
        let mut balance = account.balance.lock().unwrap();
        *balance = balance.checked_sub(amount)?;
        Some(Self(account, amount))
    }

    fn keep(mut self) {
        self.1 = 0;
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.0.deposit(self.1);
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
