//! fails: who_is_woken_may_poll_at_once
//! says: deliver` called the waker, and another thread that polled the delivery meanwhile had to wait: you hold the lock around `wake()`. That is foreign code: take the waker out, release the lock, and then call it

// the newest waker, but deliver calls it with the lock held (the guard lives as long as the if let): a waker that polls the delivery inside wake() hangs

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
        shared.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

pub struct Courier(Arc<Mutex<Shared>>);

impl Courier {
    pub fn deliver(self) {
        self.0.lock().unwrap().arrived = true;
        if let Some(waker) = self.0.lock().unwrap().waker.take() {
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
