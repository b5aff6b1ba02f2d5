//! fails: a_task_may_wait_twice
//! says: You removed someone else's waker. One task waited twice, with equal wakers, and dropped one of the two futures. The other one still waits, but nothing wakes it

// Drop removes whatever wakes the same task: when a task has two waiters and drops one of them, the entry of the other is gone as well, and it is never woken ("its own entry, and no other")

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
            std::mem::take(&mut state.wakers)
        };
        for waker in wakers {
            waker.wake();
        }
    }

    /// A future that is done when the event has happened.
    pub fn wait(&self) -> Waiting {
        Waiting { event: self.clone(), waker: None }
    }
}

pub struct Waiting {
    event: Event,
    waker: Option<Waker>,
}

impl Future for Waiting {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        let waker = context.waker().clone();
        let mut state = this.event.0.lock().unwrap();
        if state.is_set {
            return Poll::Ready(());
        }
        if let Some(old) = this.waker.take() {
            state.wakers.retain(|kept| !kept.will_wake(&old));
        }
        state.wakers.push(waker.clone());
        this.waker = Some(waker);
        Poll::Pending
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some(mine) = &self.waker {
            self.event.0.lock().unwrap().wakers.retain(|kept| !kept.will_wake(mine));
        }
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
    println!("wakers kept: {}", shut_down.0.lock().unwrap().wakers.len());
}
