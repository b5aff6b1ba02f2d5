//! fails: threads_do_not_come_in_between
//! says: both belong in one locked section
//!
//! The money leaves the account under one lock, and is no longer held back under the next one: in between, it is missing twice.

use std::sync::{Arc, Mutex, PoisonError};

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
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    balance: u64,
    /// In the audit, and not to be spent again.
    held: u64,
}

impl Account {
    pub fn new(balance: u64) -> Self {
        Self { state: Mutex::new(State { balance, held: 0 }) }
    }

    pub fn balance(&self) -> u64 {
        self.state.lock().unwrap().balance
    }

    pub fn deposit(&self, amount: u64) {
        self.state.lock().unwrap().balance += amount;
    }

    pub async fn pay<A: Audit>(&self, amount: u64, audit: &A) -> Result<(), Refused> {
        {
            let mut state = self.state.lock().unwrap();
            if state.balance - state.held < amount {
                return Err(Refused::NotCovered);
            }
            state.held += amount;
        }
        // If this future is dropped, the money is free again.
        let hold = Hold { account: self, amount };
        if !audit.write(amount).await {
            return Err(Refused::AuditFailed);
        }
        self.state.lock().unwrap().balance -= amount;
        drop(hold);
        Ok(())
    }
}

struct Hold<'a> {
    account: &'a Account,
    amount: u64,
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        self.account.state.lock().unwrap_or_else(PoisonError::into_inner).held -= self.amount;
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
