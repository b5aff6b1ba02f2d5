//! fails: the_others_stay
//! says: You removed someone else's waker. Waiter A still waited, but nothing woke it. (A came, B came and was not polled, B left)

// a Waiting that was never polled has id 0, and so has the first that was: dropping the one takes away the entry of the other, which hangs ("and no other")

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

/// Clones are the same event.
#[derive(Clone, Default)]
pub struct Event(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    is_set: bool,
    next_id: usize,
    wakers: HashMap<usize, Waker>,
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

    /// A future that is done when the event has happened.
    pub fn wait(&self) -> Waiting {
        Waiting { event: self.clone(), id: 0, registered: false }
    }
}

pub struct Waiting {
    event: Event,
    id: usize,
    registered: bool,
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
        if !this.registered {
            this.id = state.next_id;
            state.next_id += 1;
            this.registered = true;
        }
        state.wakers.insert(this.id, waker);
        Poll::Pending
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.event.0.lock().unwrap().wakers.remove(&self.id);
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
