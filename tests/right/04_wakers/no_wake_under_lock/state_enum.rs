//! The state is an enum, and `set` swaps it under the lock.

use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

/// Clones are the same event.
#[derive(Clone, Default)]
pub struct Event(Arc<Mutex<State>>);

enum State {
    /// Not yet, and these want to know.
    Pending(Vec<Waker>),
    Happened,
}

impl Default for State {
    fn default() -> Self {
        State::Pending(Vec::new())
    }
}

impl Event {
    pub fn set(&self) {
        // The guard is a temporary: the lock is free at the semicolon.
        let before = mem::replace(&mut *self.0.lock().unwrap(), State::Happened);
        if let State::Pending(wakers) = before {
            wakers.into_iter().for_each(Waker::wake);
        }
    }

    pub fn is_set(&self) -> bool {
        matches!(*self.0.lock().unwrap(), State::Happened)
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
        let mut state = self.event.0.lock().unwrap();
        match &mut *state {
            State::Happened => Poll::Ready(()),
            State::Pending(wakers) => {
                if !wakers.iter().any(|kept| kept.will_wake(&waker)) {
                    wakers.push(waker);
                }
                Poll::Pending
            }
        }
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
