//! An order needs a payment and a reservation. The first error ends both requests.
//!
//! `join!` waits until all of its branches are ready, whatever they return. So a `?` after it sees an error of the
//! first 100 ms only when the slowest branch is done, and by then that branch has had its effect. `try_join!` looks at
//! each output when it arrives. At the first `Err` it is ready, and its other branches are dropped where they wait.
//!
//! Two tasks wait side by side, too. But they go on when you drop their handles, so you would have to abort the other
//! one, on an error and when `place_order` itself is dropped. A `JoinSet` does both when it is dropped. It is the
//! better choice when the requests are many, or when each of them should be able to use a thread of its own.
//!
//! Cancelling is local: it stops our side of the request. If the warehouse had got the message already, the goods would
//! be reserved all the same. Systems that must not leave such a half order behind undo it in a step of its own.

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
    let (payment, reservation) = tokio::try_join!(payment, reservation)?;
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
