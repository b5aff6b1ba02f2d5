//! Each waiter shares a slot of its own with the event; replaced and removed wakers are dropped without a lock.

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

    pub fn is_set(&self) -> bool {
        self.0.lock().unwrap().is_set
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
        // `self.slot` is still there, so no waker has been dropped above. The waker itself goes with `self.slot`, after the lock.
    }
}

/// A task that runs as soon as it is woken. (Nothing is wrong in here.)
struct Eager(Mutex<Waiting>);

impl Wake for Eager {
    fn wake(self: Arc<Self>) {
        println!("task: I have been woken");
        let waker = Waker::from(self.clone());
        let mut waiting = self.0.lock().unwrap();
        let poll = Pin::new(&mut *waiting).poll(&mut Context::from_waker(&waker));
        println!("task: {poll:?}");
    }
}

fn main() {
    let event = Event::default();
    Waker::from(Arc::new(Eager(Mutex::new(event.wait())))).wake();
    event.set();
    println!("the event has happened: {}", event.is_set());
}
