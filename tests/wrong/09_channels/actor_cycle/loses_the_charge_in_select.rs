//! fails: a_busy_day_is_charged
//! says: A message that finds no room has to wait for it

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
    number: u64,
    cents: u64,
    customer: oneshot::Sender<Receipt>,
}

struct Charged {
    receipt: Receipt,
    customer: oneshot::Sender<Receipt>,
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
        let (results, charged) = mpsc::channel(capacity);
        tokio::spawn(run_desk(orders, charged, cashier));
        tokio::spawn(run_cashier(charges, results, bank));
        Self { desk }
    }

    pub async fn place(&self, cents: u64) -> oneshot::Receiver<Receipt> {
        let (customer, receipt) = oneshot::channel();
        let _ = self.desk.send(Order { cents, customer }).await;
        receipt
    }
}

async fn run_desk(
    mut orders: mpsc::Receiver<Order>,
    mut charged: mpsc::Receiver<Charged>,
    cashier: mpsc::Sender<Charge>,
) {
    let mut in_hand: Option<Charge> = None;
    let (mut number, mut open) = (0, true);
    while open || in_hand.is_some() {
        tokio::select! {
            // Whatever else the desk waits for, it takes results in.
            Some(result) = charged.recv() => deliver(result),
            order = orders.recv(), if open && in_hand.is_none() => match order {
                Some(Order { cents, customer }) => {
                    number += 1;
                    in_hand = Some(Charge { number, cents, customer });
                }
                None => open = false,
            },
            () = hand_on(&cashier, &mut in_hand), if in_hand.is_some() => {}
            else => return,
        }
    }
    // Ends the cashier, and after its last result the desk.
    drop(cashier);
    while let Some(result) = charged.recv().await {
        deliver(result);
    }
}

async fn hand_on(cashier: &mpsc::Sender<Charge>, in_hand: &mut Option<Charge>) {
    if let Some(charge) = in_hand.take() {
        let _ = cashier.send(charge).await;
    }
}

fn deliver(Charged { receipt, customer }: Charged) {
    let _ = customer.send(receipt);
}

async fn run_cashier(
    mut mailbox: mpsc::Receiver<Charge>,
    results: mpsc::Sender<Charged>,
    mut bank: impl Bank,
) {
    while let Some(Charge { number, cents, customer }) = mailbox.recv().await {
        let code = bank.charge(cents).await;
        let receipt = Receipt { number, code };
        let _ = results.send(Charged { receipt, customer }).await;
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
