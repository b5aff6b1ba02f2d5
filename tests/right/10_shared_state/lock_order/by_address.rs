//! The order is that of the addresses in memory; the second lock is taken if there is one.

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
    let (here, there) = (std::ptr::from_ref(from).addr(), std::ptr::from_ref(to).addr());
    let (low, high) = if here <= there { (from, to) } else { (to, from) };
    let mut first = low.balance.lock().await;
    let mut second = if here == there { None } else { Some(high.balance.lock().await) };

    let source = if here <= there { *first } else { second.as_deref().copied().unwrap_or_default() };
    if source < amount {
        return Err(NotCovered);
    }
    if let Some(second) = &mut second {
        let (source, target) =
            if here < there { (&mut *first, &mut **second) } else { (&mut **second, &mut *first) };
        *source -= amount;
        *target += amount;
    }
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
