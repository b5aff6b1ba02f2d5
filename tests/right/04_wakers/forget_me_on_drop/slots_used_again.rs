//! Numbered slots in a Vec and a list of the free ones, by hand.

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
    free: Vec<usize>,
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
        let slot = match this.slot {
            Some(slot) => slot,
            None => {
                let slot = match state.free.pop() {
                    Some(slot) => slot,
                    None => {
                        state.slots.push(None);
                        state.slots.len() - 1
                    }
                };
                this.slot = Some(slot);
                slot
            }
        };
        let old = state.slots[slot].replace(waker);
        drop(state);
        drop(old);
        Poll::Pending
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let Some(slot) = self.slot else { return };
        let mut state = self.event.0.lock().unwrap();
        let gone = state.slots[slot].take();
        state.free.push(slot);
        drop(state);
        drop(gone);
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
    println!("wakers kept: {}", shut_down.0.lock().unwrap().slots.iter().flatten().count());
}
