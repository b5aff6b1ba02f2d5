//! fails: a_busy_day_is_charged
//! says: without a bound nothing

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

enum ToDesk {
    Order { cents: u64, customer: oneshot::Sender<Receipt> },
    Charged { receipt: Receipt, customer: oneshot::Sender<Receipt> },
}

struct Charge {
    number: u64,
    cents: u64,
    customer: oneshot::Sender<Receipt>,
    desk: mpsc::Sender<ToDesk>,
}

#[derive(Clone)]
pub struct Shop {
    desk: mpsc::Sender<ToDesk>,
}

impl Shop {
    /// `capacity` is at least 1.
    pub fn open(capacity: usize, bank: impl Bank) -> Self {
        let (desk, orders) = mpsc::channel(capacity * 1000);
        let (cashier, charges) = mpsc::channel(capacity * 1000);
        tokio::spawn(run_desk(orders, desk.clone(), cashier));
        tokio::spawn(run_cashier(charges, bank));
        Self { desk }
    }

    pub async fn place(&self, cents: u64) -> oneshot::Receiver<Receipt> {
        let (customer, receipt) = oneshot::channel();
        let _ = self.desk.send(ToDesk::Order { cents, customer }).await;
        receipt
    }
}

async fn run_desk(
    mut mailbox: mpsc::Receiver<ToDesk>,
    desk: mpsc::Sender<ToDesk>,
    cashier: mpsc::Sender<Charge>,
) {
    let mut number = 0;
    while let Some(message) = mailbox.recv().await {
        match message {
            ToDesk::Order { cents, customer } => {
                number += 1;
                let _ = cashier.send(Charge { number, cents, customer, desk: desk.clone() }).await;
            }
            ToDesk::Charged { receipt, customer } => {
                let _ = customer.send(receipt);
            }
        }
    }
}

async fn run_cashier(mut mailbox: mpsc::Receiver<Charge>, mut bank: impl Bank) {
    while let Some(Charge { number, cents, customer, desk }) = mailbox.recv().await {
        let code = bank.charge(cents).await;
        let receipt = Receipt { number, code };
        let _ = desk.send(ToDesk::Charged { receipt, customer }).await;
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
