//! An event happens once, on any thread, and all futures that wait for it become ready.
//!
//! Why only one runner ran: the event had room for one waker, and each waiter overwrote the one that was there. A
//! task that was overwritten had done its part: it left a waker, returned `Pending`, and relied on being woken. In
//! `stale_waker` overwriting was right, because one future waited and only its newest waker counted. Here many
//! futures wait, and each of them needs its own slot.
//!
//! Waking the waker that you overwrite does not help: that task polls again and overwrites in turn, and the two of
//! them go on like this until the event comes.

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
    wakers: Vec<Waker>,
}

impl Event {
    pub fn set(&self) {
        let wakers = {
            let mut state = self.0.lock().unwrap();
            state.is_set = true;
            // Take the list and leave an empty one: each waker is called once.
            std::mem::take(&mut state.wakers)
        };
        for waker in wakers {
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
        // A task may poll many times before the event comes, because something else woke it. It stays one waiter.
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
