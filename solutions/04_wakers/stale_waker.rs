//! A delivery is a future that wakes the task that polled it last.
//!
//! Why nobody opened the door: the starter kept the waker of its first poll, the customer's. Later another task held
//! the future and polled it, but the courier still rang at the customer's. One task may poll a future today and
//! another one tomorrow: a future moves when you spawn it or hand it on. (And some collections of futures, such as
//! `FuturesUnordered`, poll with their own wakers.) So each poll brings a waker, and only the newest one counts.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::time::{sleep, timeout};

#[derive(Default)]
struct Shared {
    arrived: bool,
    waker: Option<Waker>,
}

pub struct Delivery(Arc<Mutex<Shared>>);

impl Future for Delivery {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut shared = self.0.lock().unwrap();
        if shared.arrived {
            return Poll::Ready(());
        }
        // The courier has to know which task to wake: the one that polled last. `will_wake` saves a clone in the common
        // case that it is the same task again; always assigning is just as right. One slot is enough, because there is
        // one waiter: if you kept all wakers, you would wake tasks that no longer wait, and the list would never stop
        // growing.
        if !shared.waker.as_ref().is_some_and(|kept| kept.will_wake(context.waker())) {
            shared.waker = Some(context.waker().clone());
        }
        Poll::Pending
    }
}

pub struct Courier(Arc<Mutex<Shared>>);

impl Courier {
    pub fn deliver(self) {
        let waker = {
            let mut shared = self.0.lock().unwrap();
            shared.arrived = true;
            shared.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

pub fn delivery() -> (Courier, Delivery) {
    let shared = Arc::new(Mutex::new(Shared::default()));
    (Courier(shared.clone()), Delivery(shared))
}

#[tokio::main]
async fn main() {
    let (courier, mut delivery) = delivery();
    let came = timeout(Duration::from_millis(100), &mut delivery).await.is_ok();
    println!("the customer waited; the parcel came: {came}");

    let neighbour = tokio::spawn(delivery);
    sleep(Duration::from_millis(100)).await;
    courier.deliver();
    sleep(Duration::from_millis(500)).await;
    println!("the neighbour waited; the parcel came: {}", neighbour.is_finished());
}
