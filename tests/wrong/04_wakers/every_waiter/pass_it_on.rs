//! fails: everybody_is_woken
//! says: waiters had not been woken: they were woken only when one that was woken before them was polled. It may be dropped before that: `set` has to call the wakers of all

// set wakes one, and each waiter that is polled wakes the next: when a woken waiter is dropped before its poll, all behind it wait for ever

use std::collections::VecDeque;
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
    wakers: VecDeque<Waker>,
}

impl Event {
    pub fn set(&self) {
        let first = {
            let mut state = self.0.lock().unwrap();
            state.is_set = true;
            state.wakers.pop_front()
        };
        if let Some(first) = first {
            first.wake();
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
        let mut state = self.event.0.lock().unwrap();
        if state.is_set {
            // Tell the next one in the line.
            let next = state.wakers.pop_front();
            drop(state);
            if let Some(next) = next {
                next.wake();
            }
            return Poll::Ready(());
        }
        if !state.wakers.iter().any(|kept| kept.will_wake(context.waker())) {
            state.wakers.push_back(context.waker().clone());
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
