//! A `match` on the order of the ids has three arms.

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
    use std::cmp::Ordering::{Equal, Greater, Less};
    match from.id.cmp(&to.id) {
        Less => {
            let mut source = from.balance.lock().await;
            let mut target = to.balance.lock().await;
            move_money(&mut source, &mut target, amount)?;
            journal.write(from.id, to.id, amount).await;
        }
        Greater => {
            let mut target = to.balance.lock().await;
            let mut source = from.balance.lock().await;
            move_money(&mut source, &mut target, amount)?;
            journal.write(from.id, to.id, amount).await;
        }
        Equal => {
            let mut balance = from.balance.lock().await;
            move_money(&mut balance, &mut 0, amount)?;
            *balance += amount;
            journal.write(from.id, to.id, amount).await;
        }
    }
    Ok(())
}

fn move_money(source: &mut u64, target: &mut u64, amount: u64) -> Result<(), NotCovered> {
    *source = source.checked_sub(amount).ok_or(NotCovered)?;
    *target += amount;
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
