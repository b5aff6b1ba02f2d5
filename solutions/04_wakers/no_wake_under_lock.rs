//! This event changes its state under the lock, and wakes without it.
//!
//! Why the starter hung: `wake()` is foreign code. Tokio's puts the task into a queue and returns; another executor's
//! may poll the task right there. The task asked the event whether it was set, on the same thread, while `set` held
//! the lock and waited for `wake` to return. Neither could go on.
//!
//! The rule is older than async: do not call unknown code while you hold a lock. Even where it cannot deadlock, it is
//! slow: a woken task on another thread immediately waits for the lock that you still hold.

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
        let wakers = {
            let mut state = self.0.lock().unwrap();
            // First set the flag, then wake: a task that is woken finds the event set.
            state.is_set = true;
            std::mem::take(&mut state.wakers)
            // The guard is dropped here. `for waker in self.0.lock().unwrap().wakers.drain(..)` would keep it until the
            // loop ends, and `while let Some(waker) = self.0.lock().unwrap().wakers.pop()` through each iteration.
        };
        for waker in wakers {
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
