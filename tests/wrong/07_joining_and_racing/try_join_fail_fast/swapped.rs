//! fails: an_order_takes_as_long_as_the_slower_request
//! says: the two numbers swapped
//!
//! The set gives the numbers in the order in which they arrive.

use std::time::{Duration, Instant};
use tokio::task::JoinSet;

use tokio::time::sleep;

#[derive(Debug, PartialEq)]
pub struct Order {
    pub payment: u64,
    pub reservation: u64,
}

pub async fn place_order<E: Send + 'static>(
    payment: impl Future<Output = Result<u64, E>> + Send + 'static,
    reservation: impl Future<Output = Result<u64, E>> + Send + 'static,
) -> Result<Order, E> {
    let mut requests = JoinSet::new();
    requests.spawn(payment);
    requests.spawn(reservation);
    let mut numbers = Vec::new();
    while let Some(done) = requests.join_next().await {
        numbers.push(done.expect("a request does not panic")?);
    }
    Ok(Order { payment: numbers[0], reservation: numbers[1] })
}

async fn authorize() -> Result<u64, String> {
    sleep(Duration::from_millis(100)).await;
    Err("the bank declined the card".to_owned())
}

async fn reserve() -> Result<u64, String> {
    sleep(Duration::from_secs(2)).await;
    println!("the warehouse reserved the goods");
    Ok(4711)
}

#[tokio::main]
async fn main() {
    let start = Instant::now();
    let order = place_order(authorize(), reserve()).await;
    println!("{order:?} after {} ms", start.elapsed().as_millis());
}
