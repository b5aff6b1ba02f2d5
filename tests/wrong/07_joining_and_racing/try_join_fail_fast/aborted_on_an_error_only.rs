//! fails: dropping_it_cancels_both_requests
//! says: both requests are still under way
//!
//! Nobody aborts the tasks when `place_order` itself is dropped.

use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

use tokio::time::sleep;

#[derive(Debug, PartialEq)]
pub struct Order {
    pub payment: u64,
    pub reservation: u64,
}

async fn answer<E>(task: &mut JoinHandle<Result<u64, E>>) -> Result<u64, E> {
    task.await.expect("a request does not panic")
}

pub async fn place_order<E: Send + 'static>(
    payment: impl Future<Output = Result<u64, E>> + Send + 'static,
    reservation: impl Future<Output = Result<u64, E>> + Send + 'static,
) -> Result<Order, E> {
    let (mut paying, mut reserving) = (tokio::spawn(payment), tokio::spawn(reservation));
    let order = async {
        let (payment, reservation) = tokio::try_join!(answer(&mut paying), answer(&mut reserving))?;
        Ok(Order { payment, reservation })
    };
    let order = order.await;
    if order.is_err() {
        paying.abort();
        reserving.abort();
    }
    order
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
