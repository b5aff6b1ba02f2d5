//! fails: the_error_is_returned_at_once
//! says: Return it at once
//!
//! Customers should rather hear what the bank says.

use std::pin::pin;
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
    tokio::select! {
        payment = &mut paying => {
            let payment = payment?;
            Ok(Order { payment, reservation: reserving.await? })
        }
        reservation = &mut reserving => match reservation {
            Ok(reservation) => Ok(Order { payment: paying.await?, reservation }),
            Err(error) => match tokio::time::timeout(Duration::from_secs(1), paying).await {
                Ok(Err(declined)) => Err(declined),
                _ => Err(error),
            },
        },
    }
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
