//! fails: the_newest_waker_is_woken
//! says: nothing was woken

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
