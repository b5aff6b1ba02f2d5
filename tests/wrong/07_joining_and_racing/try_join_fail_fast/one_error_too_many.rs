//! fails: both_may_fail_at_the_same_moment
//! says: `place_order` panicked

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
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
    let (mut paying, mut reserving) = (pin!(payment), pin!(reservation));
    let (mut payment, mut reservation) = (None, None);
    poll_fn(|context| {
        if payment.is_none()
            && let Poll::Ready(answer) = paying.as_mut().poll(context)
        {
            payment = Some(answer);
        }
        if reservation.is_none()
            && let Poll::Ready(answer) = reserving.as_mut().poll(context)
        {
            reservation = Some(answer);
        }
        match (payment.take(), reservation.take()) {
            (Some(Ok(payment)), Some(Ok(reservation))) => Poll::Ready(Ok(Order { payment, reservation })),
            (Some(Err(_)), Some(Err(_))) => unreachable!("one error ends the order"),
            (Some(Err(error)), _) | (_, Some(Err(error))) => Poll::Ready(Err(error)),
            (first, second) => {
                (payment, reservation) = (first, second);
                Poll::Pending
            }
        }
    })
    .await
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
