//! The balances are under std locks; what is locked during the wait is a list of busy accounts.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use tokio::sync::Notify;

/// The accounts of transfers that are under way, by their addresses.
static BUSY: Mutex<Option<HashSet<usize>>> = Mutex::new(None);
static FREED: Notify = Notify::const_new();

struct Busy([usize; 2]);

impl Busy {
    async fn new(from: &Account, to: &Account) -> Self {
        let ids = [from, to].map(|account| std::ptr::from_ref(account).addr());
        loop {
            let freed = FREED.notified();
            {
                let mut busy = BUSY.lock().unwrap();
                let busy = busy.get_or_insert_default();
                if ids.iter().all(|id| !busy.contains(id)) {
                    busy.extend(ids);
                    return Self(ids);
                }
            }
            freed.await;
        }
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        BUSY.lock().unwrap().get_or_insert_default().retain(|id| !self.0.contains(id));
        FREED.notify_waiters();
    }
}

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
        *self.balance.lock().unwrap()
    }
}

pub async fn transfer<J: Journal>(
    from: &Account,
    to: &Account,
    amount: u64,
    journal: &J,
) -> Result<(), NotCovered> {
    let _busy = Busy::new(from, to).await;
    {
        let mut source = from.balance.lock().unwrap();
        if *source < amount {
            return Err(NotCovered);
        }
        *source -= amount;
    }
    *to.balance.lock().unwrap() += amount;
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
