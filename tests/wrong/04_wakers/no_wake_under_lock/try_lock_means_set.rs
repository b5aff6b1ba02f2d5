//! fails: it_may_be_set_again_while_it_wakes
//! says: wake()` ran user code while you held the lock: another thread called `set` meanwhile and had to wait. If the task that is woken does so, on this thread, it waits for you, and you wait for it

// wakes under the lock as before, and poll and is_set take a lock that is held for "it is being set": any other poll at the same moment makes a waiter ready without the event, and whatever else uses the event in wake (set) still hangs

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

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
        let mut state = self.0.lock().unwrap();
        state.is_set = true;
        for waker in state.wakers.drain(..) {
            waker.wake();
        }
    }

    pub fn is_set(&self) -> bool {
        match self.0.try_lock() {
            Ok(state) => state.is_set,
            // `set` is at work.
            Err(_) => true,
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
        let waker = context.waker().clone();
        let Ok(mut state) = self.event.0.try_lock() else {
            // `set` is at work, so it has happened.
            return Poll::Ready(());
        };
        if state.is_set {
            return Poll::Ready(());
        }
        if !state.wakers.iter().any(|kept| kept.will_wake(&waker)) {
            state.wakers.push(waker);
        }
        Poll::Pending
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
