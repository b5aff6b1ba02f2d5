//! Tokio's oneshot channel keeps the waker of the last poll.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

pub struct Delivery {
    arrived: bool,
    /// `None` when there is nothing more to come.
    parcel: Option<oneshot::Receiver<()>>,
}

impl Future for Delivery {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        if let Some(parcel) = this.parcel.as_mut() {
            // The receiver keeps the waker of the last poll.
            match Pin::new(parcel).poll(context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(outcome) => {
                    // An error: the courier is gone and has not delivered. Nobody will come.
                    this.arrived = outcome.is_ok();
                    this.parcel = None;
                }
            }
        }
        if this.arrived { Poll::Ready(()) } else { Poll::Pending }
    }
}

pub struct Courier(oneshot::Sender<()>);

impl Courier {
    pub fn deliver(self) {
        // Nobody waits any more? Then the parcel stays at the door.
        let _ = self.0.send(());
    }
}

pub fn delivery() -> (Courier, Delivery) {
    let (sender, receiver) = oneshot::channel();
    (Courier(sender), Delivery { arrived: false, parcel: Some(receiver) })
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
