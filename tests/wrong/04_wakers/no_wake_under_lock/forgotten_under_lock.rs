//! fails: the_lock_is_free_while_it_drops
//! says: A waiter left before the event, and you dropped its waker while you held the lock

// Code that belongs to a waker may use the event, also when it is dropped; a waiter that is dropped drops its waker while the lock is held.

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

    pub fn is_set(&self) -> bool {
        self.0.lock().unwrap().is_set
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

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            let mut state = self.event.0.lock().unwrap();
            state.wakers.remove(&number);
        }
    }
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
