//! Each waiter shares a slot of its own with the event (Arc), Drop finds it by its pointer.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

/// Clones are the same event.
#[derive(Clone, Default)]
pub struct Event(Arc<Mutex<State>>);

type Slot = Arc<Mutex<Option<Waker>>>;

#[derive(Default)]
struct State {
    is_set: bool,
    waiters: Vec<Slot>,
}

impl Event {
    pub fn set(&self) {
        let waiters = {
            let mut state = self.0.lock().unwrap();
            state.is_set = true;
            std::mem::take(&mut state.waiters)
        };
        for slot in waiters {
            let waker = slot.lock().unwrap().take();
            if let Some(waker) = waker {
                waker.wake();
            }
        }
    }

    /// A future that is done when the event has happened.
    pub fn wait(&self) -> Waiting {
        Waiting { event: self.clone(), slot: Slot::default(), registered: false }
    }
}

/// Has a slot of its own for its waker; the event knows the slot from the first poll on.
pub struct Waiting {
    event: Event,
    slot: Slot,
    registered: bool,
}

impl Future for Waiting {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        // First the waker, then the question.
        let waker = context.waker().clone();
        let old = self.slot.lock().unwrap().replace(waker);
        drop(old);
        let this = &mut *self;
        let mut state = this.event.0.lock().unwrap();
        if state.is_set {
            return Poll::Ready(());
        }
        if !this.registered {
            this.registered = true;
            state.waiters.push(this.slot.clone());
        }
        Poll::Pending
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut state = self.event.0.lock().unwrap();
        if let Some(at) = state.waiters.iter().position(|slot| Arc::ptr_eq(slot, &self.slot)) {
            state.waiters.swap_remove(at);
        }
        // The waker itself goes with `self.slot`, after the lock.
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
    println!("wakers kept: {}", shut_down.0.lock().unwrap().waiters.len());
}
