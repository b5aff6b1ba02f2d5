//! Two tasks, whose handles abort them when they are dropped.

use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

use tokio::time::sleep;

#[derive(Debug, PartialEq)]
pub struct Order {
    pub payment: u64,
    pub reservation: u64,
}

/// A request in a task of its own, which ends with it.
struct Request<E>(JoinHandle<Result<u64, E>>);

impl<E> Request<E> {
    async fn answer(mut self) -> Result<u64, E> {
        (&mut self.0).await.expect("a request does not panic")
    }
}

impl<E> Drop for Request<E> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

pub async fn place_order<E: Send + 'static>(
    payment: impl Future<Output = Result<u64, E>> + Send + 'static,
    reservation: impl Future<Output = Result<u64, E>> + Send + 'static,
) -> Result<Order, E> {
    let payment = Request(tokio::spawn(payment));
    let reservation = Request(tokio::spawn(reservation));
    let (payment, reservation) = tokio::try_join!(payment.answer(), reservation.answer())?;
    Ok(Order { payment, reservation })
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
