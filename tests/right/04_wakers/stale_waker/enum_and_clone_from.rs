//! An enum, and clone_from, which saves the clone when it would wake the same task.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::time::{sleep, timeout};

enum Shared {
    OnTheWay(Option<Waker>),
    Arrived,
}

pub struct Delivery(Arc<Mutex<Shared>>);

impl Future for Delivery {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        match &mut *self.0.lock().unwrap() {
            Shared::Arrived => Poll::Ready(()),
            Shared::OnTheWay(Some(waker)) => {
                waker.clone_from(context.waker());
                Poll::Pending
            }
            Shared::OnTheWay(nobody) => {
                *nobody = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

pub struct Courier(Arc<Mutex<Shared>>);

impl Courier {
    pub fn deliver(self) {
        let before = std::mem::replace(&mut *self.0.lock().unwrap(), Shared::Arrived);
        if let Shared::OnTheWay(Some(waker)) = before {
            waker.wake();
        }
    }
}

pub fn delivery() -> (Courier, Delivery) {
    let shared = Arc::new(Mutex::new(Shared::OnTheWay(None)));
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
