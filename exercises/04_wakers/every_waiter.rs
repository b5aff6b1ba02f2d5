//! An event happens once, on any thread, and all futures that wait for it become ready. A future that comes later
//! does not wait at all. A waiter that its task polls many times is still one waiter, and leaves one waker.
//!
//! In `cargo run` three runners wait for the starter's gun. Only one of them runs.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::time::sleep;

/// All clones are the same event.
#[derive(Clone, Default)]
pub struct Event(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    is_set: bool,
    waker: Option<Waker>,
}

impl Event {
    pub fn set(&self) {
        let waker = {
            let mut state = self.0.lock().unwrap();
            state.is_set = true;
            state.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Returns a future that is ready when the event has happened.
    pub fn wait(&self) -> Waiting {
        Waiting { event: self.clone() }
    }
}

pub struct Waiting {
    event: Event,
}

impl Future for Waiting {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.event.0.lock().unwrap();
        if state.is_set {
            return Poll::Ready(());
        }
        state.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

#[tokio::main]
async fn main() {
    let shot = Event::default();
    for runner in 1..=3 {
        let shot = shot.wait();
        tokio::spawn(async move {
            shot.await;
            println!("runner {runner} runs");
        });
    }
    sleep(Duration::from_millis(100)).await;
    println!("bang!");
    shot.set();
    sleep(Duration::from_millis(100)).await;
}
