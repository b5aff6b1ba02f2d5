//! fails: who_is_dropped_leaves_nothing
//! says: 1000 waiters were dropped while another one still waited

// the wakers go when the last waiter goes: as long as one waits (in a busy server always), those of all the dropped ones are kept

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

/// Clones are the same event.
#[derive(Clone, Default)]
pub struct Event(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    is_set: bool,
    waiting: usize,
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
        self.0.lock().unwrap().waiting += 1;
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

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut state = self.event.0.lock().unwrap();
        state.waiting -= 1;
        if state.waiting == 0 {
            state.wakers.clear();
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
