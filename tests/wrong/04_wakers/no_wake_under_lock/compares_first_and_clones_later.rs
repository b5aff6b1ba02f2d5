//! fails: no_event_is_missed
//! says: The event happened while `poll` cloned the waker

// Looks at the event and at the list under one lock, lets it go to clone a second time, and pushes under another: between the two the event may happen.

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
        let wakers = {
            let mut state = self.0.lock().unwrap();
            // First the flag, then the wakes: whoever is woken finds the event set.
            state.is_set = true;
            std::mem::take(&mut state.wakers)
            // The guard is dropped here. `for waker in self.0.lock().unwrap().wakers.drain(..)` would keep it to the end
            // of the loop, and `while let Some(waker) = self.0.lock().unwrap().wakers.pop()` through each round.
        };
        for waker in wakers {
            waker.wake();
        }
    }

    pub fn is_set(&self) -> bool {
        self.0.lock().unwrap().is_set
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
        // Cloning a waker is foreign code, too, so it is done before the lock is taken.
        let waker = context.waker().clone();
        let known = {
            let state = self.event.0.lock().unwrap();
            if state.is_set {
                return Poll::Ready(());
            }
            state.wakers.iter().any(|kept| kept.will_wake(&waker))
        };
        if !known {
            let waker = waker.clone();
            self.event.0.lock().unwrap().wakers.push(waker);
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
