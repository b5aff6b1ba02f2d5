//! fails: the_others_stay
//! says: A waiter left, and its `drop` panicked. (A came, B came, C came, B left, the event happened, C left) It may leave at any time, also when its entry is gone

// empty slots are given back at the end of the list only and never used again: with requests that overlap (one comes, the one before goes, ...) there is always one at the end, and the list grows with each that ever waited

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

/// Clones are the same event.
#[derive(Clone, Default)]
pub struct Event(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    is_set: bool,
    slots: Vec<Option<Waker>>,
}

impl Event {
    pub fn set(&self) {
        let mut wakers = Vec::new();
        {
            let mut state = self.0.lock().unwrap();
            state.is_set = true;
            for slot in &mut state.slots {
                if let Some(waker) = slot.take() {
                    wakers.push(waker);
                }
            }
        }
        for waker in wakers {
            waker.wake();
        }
    }

    /// A future that is done when the event has happened.
    pub fn wait(&self) -> Waiting {
        Waiting { event: self.clone(), slot: None }
    }
}

pub struct Waiting {
    event: Event,
    slot: Option<usize>,
}

impl Future for Waiting {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        let waker = context.waker().clone();
        let mut state = this.event.0.lock().unwrap();
        if state.is_set {
            return Poll::Ready(());
        }
        match this.slot {
            Some(slot) => state.slots[slot] = Some(waker),
            None => {
                this.slot = Some(state.slots.len());
                state.slots.push(Some(waker));
            }
        }
        Poll::Pending
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let Some(slot) = self.slot else { return };
        let mut state = self.event.0.lock().unwrap();
        // Removing it would move the others, so it becomes empty ...
        state.slots[slot] = None;
        // ... and what is empty at the end goes.
        while let Some(None) = state.slots.last() {
            state.slots.pop();
        }
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
    println!("wakers kept: {}", shut_down.0.lock().unwrap().slots.len());
}
