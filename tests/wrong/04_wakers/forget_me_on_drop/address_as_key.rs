//! fails: a_waiter_may_be_moved
//! says: An address does not identify a future

// The address of a future is the key, and the future was moved.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::time::sleep;

/// Clones are the same event.
#[derive(Clone, Default)]
pub struct Event(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    is_set: bool,
    wakers: HashMap<usize, Waker>,
}

impl Event {
    pub fn set(&self) {
        let wakers = {
            let mut state = self.0.lock().unwrap();
            state.is_set = true;
            std::mem::take(&mut state.wakers)
        };
        for waker in wakers.into_values() {
            waker.wake();
        }
    }

    /// A future that is done when the event has happened.
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
        // A pinned future stays where it is, so its address tells who it is.
        let key = &*self as *const Waiting as usize;
        let mut state = self.event.0.lock().unwrap();
        if state.is_set {
            return Poll::Ready(());
        }
        state.wakers.insert(key, context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let key = &*self as *const Waiting as usize;
        self.event.0.lock().unwrap().wakers.remove(&key);
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
