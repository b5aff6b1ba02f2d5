//! fails: who_is_woken_may_poll_at_once
//! says: the delivery was polled at that moment, and the parcel was not there yet

// Wakes first, and raises the flag behind it: whoever is woken and looks at once goes back to sleep, and nobody wakes it again.

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
        // The courier has to know whom to wake: whoever polled last. `will_wake` saves a clone in the common case, that
        // it is the same task again; assigning without a question is just as right. One place is enough, as there is
        // one waiter: keeping all the wakers would wake tasks that have moved on, and the list would never end.
        if !shared.waker.as_ref().is_some_and(|kept| kept.will_wake(context.waker())) {
            shared.waker = Some(context.waker().clone());
        }
        Poll::Pending
    }
}

pub struct Courier(Arc<Mutex<Shared>>);

impl Courier {
    pub fn deliver(self) {
        let waker = self.0.lock().unwrap().waker.take();
        if let Some(waker) = waker {
            waker.wake();
        }
        self.0.lock().unwrap().arrived = true;
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
