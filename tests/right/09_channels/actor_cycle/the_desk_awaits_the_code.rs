//! The desk asks the cashier, and waits for the answer, which needs no room.

use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use tokio::time::sleep;

/// Charges cards, one at a time. Tests bring their own.
pub trait Bank: Send + 'static {
    /// Returns the bank's code for the receipt.
    fn charge(&mut self, cents: u64) -> impl Future<Output = u64> + Send;
}

#[derive(Debug, PartialEq)]
pub struct Receipt {
    pub number: u64,
    pub code: u64,
}

struct Order {
    cents: u64,
    customer: oneshot::Sender<Receipt>,
}

struct Charge {
    cents: u64,
    code: oneshot::Sender<u64>,
}

#[derive(Clone)]
pub struct Shop {
    desk: mpsc::Sender<Order>,
}

impl Shop {
    /// `capacity` is at least 1.
    pub fn open(capacity: usize, bank: impl Bank) -> Self {
        let (desk, orders) = mpsc::channel(capacity);
        let (cashier, charges) = mpsc::channel(capacity);
        tokio::spawn(run_desk(orders, cashier));
        tokio::spawn(run_cashier(charges, bank));
        Self { desk }
    }

    pub async fn place(&self, cents: u64) -> oneshot::Receiver<Receipt> {
        let (customer, receipt) = oneshot::channel();
        let _ = self.desk.send(Order { cents, customer }).await;
        receipt
    }
}

// It ends when the last `Shop` is gone and the mailbox is empty: only a `Shop` has a sender.
async fn run_desk(mut mailbox: mpsc::Receiver<Order>, cashier: mpsc::Sender<Charge>) {
    let mut number = 0;
    while let Some(Order { cents, customer }) = mailbox.recv().await {
        number += 1;
        let (code, answer) = oneshot::channel();
        if cashier.send(Charge { cents, code }).await.is_err() {
            return;
        }
        if let Ok(code) = answer.await {
            let _ = customer.send(Receipt { number, code });
        }
    }
}

// It ends after the desk, whose sender is the only one of this mailbox.
async fn run_cashier(mut mailbox: mpsc::Receiver<Charge>, mut bank: impl Bank) {
    while let Some(Charge { cents, code }) = mailbox.recv().await {
        let _ = code.send(bank.charge(cents).await);
    }
}

struct Terminal;

impl Bank for Terminal {
    async fn charge(&mut self, cents: u64) -> u64 {
        sleep(Duration::from_millis(20)).await;
        70_000 + cents
    }
}

#[tokio::main]
async fn main() {
    let shop = Shop::open(1, Terminal);
    let mut receipts = Vec::new();
    for cents in [1250, 499, 2000, 80, 310, 999, 4500, 120] {
        receipts.push(shop.place(cents).await);
        println!("  an order of {cents} cents is taken in");
    }
    drop(shop);
    for receipt in receipts {
        println!("{:?}", receipt.await);
    }
    sleep(Duration::from_millis(50)).await;
    println!("{} tasks are left", Handle::current().metrics().num_alive_tasks());
}
