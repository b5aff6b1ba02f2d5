//! fails: latecomers_do_not_wait
//! says: a latecomer was `Pending`

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
    wakers: Vec<Waker>,
}

impl Event {
    pub fn set(&self) {
        let wakers = {
            let mut state = self.0.lock().unwrap();
            state.is_set = true;
            std::mem::take(&mut state.wakers)
        };
        for waker in wakers {
            waker.wake();
        }
    }

    /// A future that is done when the event has happened.
    pub fn wait(&self) -> Waiting {
        Waiting { event: self.clone(), registered: std::cell::Cell::new(false) }
    }
}

pub struct Waiting {
    event: Event,
    registered: std::cell::Cell<bool>,
}

impl Future for Waiting {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.event.0.lock().unwrap();
        if self.registered.get() && state.is_set {
            return Poll::Ready(());
        }
        self.registered.set(true);
        if !state.wakers.iter().any(|kept| kept.will_wake(context.waker())) {
            state.wakers.push(context.waker().clone());
        }
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
