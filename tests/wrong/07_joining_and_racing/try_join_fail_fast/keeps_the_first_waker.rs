//! fails: another_task_may_go_on
//! says: which was never woken

use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context, Poll};
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
    let waker = poll_fn(|context| Poll::Ready(context.waker().clone())).await;
    let mut both = pin!(async { tokio::try_join!(payment, reservation) });
    let (payment, reservation) = poll_fn(|_| both.as_mut().poll(&mut Context::from_waker(&waker))).await?;
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
