//! Before a shop accepts an order, the bank authorizes the payment and the warehouse
//! reserves the goods, both at the same time. `place_order` returns the two numbers. As
//! soon as one of the two requests fails, `place_order` returns its error and cancels the
//! other request. (If both fail at the same moment, either error will do.)
//!
//! In `cargo run` the bank declines the card after 100 ms. The customer hears about it
//! after 2 s, and the warehouse has reserved the goods.

use std::time::{Duration, Instant};

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
    let (payment, reservation) = tokio::join!(payment, reservation);
    Ok(Order { payment: payment?, reservation: reservation? })
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
