//! A prepaid account pays bills, each of which is written down by a slow audit.
//!
//! Why both bills were paid: between reading the balance and writing it back stood an await. While one payment waited
//! there, the other one came by, and read 100 as well. A single thread does not prevent that, and neither does the
//! lock, because nothing is locked during the wait. What a variable says about shared state is true until the next
//! await, and no longer.
//!
//! So one critical section, without an await, both decides and changes: after it, the money belongs to this payment and
//! the account can be used by others. If the audit fails, the amount is added again. Writing the old balance back would
//! be the same mistake once more, and undo what others have paid and deposited meanwhile.
//!
//! An `AtomicU64` with `fetch_update` makes the same step without a lock. Holding an async lock during the audit would
//! give the right numbers, too, but then payments would go into the audit one by one.

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
        self.take(amount)?;
        // From here on the money is out of the account, so nobody else can spend it while this payment waits.
        if !audit.write(amount).await {
            // Added to what the balance is now, not to what it was before the wait.
            self.deposit(amount);
            return Err(Refused::AuditFailed);
        }
        Ok(())
    }

    /// Decides and changes under one lock.
    fn take(&self, amount: u64) -> Result<(), Refused> {
        let mut balance = self.balance.lock().unwrap();
        *balance = balance.checked_sub(amount).ok_or(Refused::NotCovered)?;
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
