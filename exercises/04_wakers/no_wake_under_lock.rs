//! This is an event for many waiters, as before: when `set` returns, it has woken them all. With Tokio it works.
//!
//! Another executor runs a task the moment it is woken, from inside `wake()`. `cargo run` has a tiny version of it,
//! and with that the program hangs in `set`. (Stop it with Ctrl-C.) When a waker is called, cloned or dropped, its
//! code may use the event, and may even call `set`.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

/// All clones are the same event.
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
        self.0.lock().unwrap().is_set
    }

    /// Returns a future that is ready when the event has happened.
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
        // Cloning a waker runs foreign code, too, so do it before you take the lock.
        let waker = context.waker().clone();
        let mut state = self.event.0.lock().unwrap();
        if state.is_set {
            return Poll::Ready(());
        }
        if !state.wakers.iter().any(|kept| kept.will_wake(&waker)) {
            state.wakers.push(waker);
        }
        Poll::Pending
    }
}

/// A task that runs as soon as it is woken. (There is no bug in here.)
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
