//! fails: who_leaves_in_a_crowd_leaves_nothing
//! says: of their wakers are still with it. A waiter that leaves has to remove its own, even if somebody else has the lock at that moment: the lock is free again soon, and `drop` runs only once

// Takes away its own entry, all of it; when somebody else has the lock at that moment, the entry stays for good.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

/// Clones are the same event.
#[derive(Clone, Default)]
pub struct Event(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    is_set: bool,
    wakers: std::collections::BTreeMap<u64, Waker>,
    next: u64,
}

impl Event {
    pub fn set(&self) {
        let wakers = {
            let mut state = self.0.lock().unwrap();
            state.is_set = true;
            std::mem::take(&mut state.wakers)
        };
        wakers.into_values().for_each(Waker::wake);
    }

    /// A future that is done when the event has happened.
    pub fn wait(&self) -> Waiting {
        Waiting { event: self.clone(), number: None }
    }
}

pub struct Waiting {
    event: Event,
    number: Option<u64>,
}

impl Future for Waiting {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let waker = context.waker().clone();
        let this = self.get_mut();
        let mut state = this.event.0.lock().unwrap();
        if state.is_set {
            return Poll::Ready(());
        }
        let number = match this.number {
            Some(number) => number,
            None => {
                state.next += 1;
                *this.number.insert(state.next)
            }
        };
        let old = state.wakers.insert(number, waker);
        drop(state);
        drop(old);
        Poll::Pending
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let Some(number) = self.number else { return };
        // A `drop` must not block.
        let Ok(mut state) = self.event.0.try_lock() else { return };
        let waker = state.wakers.remove(&number);
        drop(state);
        drop(waker);
    }
}

struct Request;

impl Wake for Request {
    fn wake(self: Arc<Self>) {}
}

fn main() {
    let shut_down = Event::default();
    for _ in 0..1000 {
        let mut waiting = shut_down.wait();
        let request = Waker::from(Arc::new(Request));
        let _ = Pin::new(&mut waiting).poll(&mut Context::from_waker(&request));
        // The answer came; `waiting` is dropped.
    }
    println!("wakers kept: {}", shut_down.0.lock().unwrap().wakers.len());
}
