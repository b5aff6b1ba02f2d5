//! fails: no_event_is_missed
//! says: The event happened while `poll` cloned the waker: the poll returned `Pending`, and nothing woke the task. `poll` had checked before that, and left the waker after it. Check and register under one lock, after the clone

// the flag is an atomic beside the list and is looked at before the lock only: a set between the look and the push takes the list without this waker, and the waiter hangs

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

/// Clones are the same event.
#[derive(Clone, Default)]
pub struct Event(Arc<State>);

#[derive(Default)]
struct State {
    is_set: AtomicBool,
    wakers: Mutex<Vec<Waker>>,
}

impl Event {
    pub fn set(&self) {
        self.0.is_set.store(true, Ordering::SeqCst);
        let wakers = std::mem::take(&mut *self.0.wakers.lock().unwrap());
        for waker in wakers {
            waker.wake();
        }
    }

    pub fn is_set(&self) -> bool {
        self.0.is_set.load(Ordering::SeqCst)
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
        if self.event.is_set() {
            return Poll::Ready(());
        }
        let waker = context.waker().clone();
        let mut wakers = self.event.0.wakers.lock().unwrap();
        if !wakers.iter().any(|kept| kept.will_wake(&waker)) {
            wakers.push(waker);
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
