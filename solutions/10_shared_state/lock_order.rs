//! A bank moves money between its accounts, and a journal has the entries of each account in their order.
//!
//! Why transfers waited forever: each locked the account that pays first. One had locked A and waited for B, another
//! one had locked B and waited for A: a ring, in which nobody can go on. It took three transfers. The first one had
//! both locks while it wrote; when it let go, one lock went to each of the two that stood in line.
//!
//! If all transfers lock in the same order, no ring can close: the transfer that holds the last lock in that order
//! waits for no other lock. Any order works that everybody agrees on. Here it is that of the ids, and the address in
//! memory would work, too. An account that pays itself is a ring of one, and needs only one lock.
//!
//! This guard has a reason to live across an await: the entry belongs to the change, and until it is written nobody may
//! change these accounts. That is what Tokio's `Mutex` is for. The balances change together, before the wait. So a
//! transfer that is dropped while it waits has moved all of the money, or none of it.

use std::sync::Arc;

use tokio::sync::Mutex;

/// `from` has less than the amount: nothing was moved, and nothing written.
#[derive(Debug, PartialEq)]
pub struct NotCovered;

/// Writes entries, slowly. Tests bring their own.
pub trait Journal: Send + Sync + 'static {
    fn write(&self, from: u32, to: u32, amount: u64) -> impl Future<Output = ()> + Send;
}

pub struct Account {
    id: u32,
    balance: Mutex<u64>,
}

impl Account {
    pub fn new(id: u32, balance: u64) -> Self {
        Self { id, balance: Mutex::new(balance) }
    }

    pub async fn balance(&self) -> u64 {
        *self.balance.lock().await
    }
}

pub async fn transfer<J: Journal>(
    from: &Account,
    to: &Account,
    amount: u64,
    journal: &J,
) -> Result<(), NotCovered> {
    if from.id == to.id {
        let balance = from.balance.lock().await;
        if *balance < amount {
            return Err(NotCovered);
        }
        journal.write(from.id, to.id, amount).await;
        return Ok(());
    }

    // The smaller id first, whatever the direction.
    let (mut source, mut target);
    if from.id < to.id {
        source = from.balance.lock().await;
        target = to.balance.lock().await;
    } else {
        target = to.balance.lock().await;
        source = from.balance.lock().await;
    }
    if *source < amount {
        return Err(NotCovered);
    }
    *source -= amount;
    *target += amount;
    // Both guards live until the entry is written.
    journal.write(from.id, to.id, amount).await;
    Ok(())
}

struct Paper;

impl Journal for Paper {
    async fn write(&self, from: u32, to: u32, amount: u64) {
        tokio::task::yield_now().await;
        println!("{amount} from {from} to {to}");
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let accounts = Arc::new([Account::new(1, 50), Account::new(2, 50)]);
    let transfers = [(0, 1), (1, 0), (0, 1)].map(|(from, to)| {
        let accounts = accounts.clone();
        tokio::spawn(async move { transfer(&accounts[from], &accounts[to], 10, &Paper).await })
    });
    for transfer in transfers {
        println!("{:?}", transfer.await.unwrap());
    }
}
