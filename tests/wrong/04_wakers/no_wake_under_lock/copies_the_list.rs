//! fails: the_lock_is_free_while_it_clones
//! says: times you held the lock: another thread that used the event meanwhile had to wait. Cloning a waker runs foreign code as well. `set` needs no clones: a task that is woken does not wait any more, so you can take the wakers themselves out of the list

// clones the wakers under the lock: a waker whose clone uses the event stops set for good (and the list keeps them all)

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
            state.is_set = true;
            state.wakers.clone()
        };
        for waker in &wakers {
            waker.wake_by_ref();
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
