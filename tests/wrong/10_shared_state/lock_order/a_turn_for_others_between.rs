//! fails: no_money_is_lost_wherever_it_is_dropped
//! says: money was lost

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
    // Long lists of transfers must not keep others waiting.
    tokio::task::yield_now().await;
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
