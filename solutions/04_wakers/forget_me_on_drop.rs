//! A waiter that is cancelled takes its waker with it.
//!
//! Why the starter kept a thousand wakers: cancelling a future means only that it is dropped. `poll` does not run
//! again, so whatever the future left elsewhere stays there, unless its `Drop` removes it. A waker that is kept also
//! keeps the memory of its task, and in the end it is called for nothing.
//!
//! Each waiter gets its own number, which is never used again. Its index in a list does not work, because others
//! leave and the rest move up. Neither does its waker: a task may wait for the same event twice, with equal wakers,
//! and drop one of the two futures.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

/// All clones are the same event.
#[derive(Clone, Default)]
pub struct Event(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    is_set: bool,
    next: u64,
    wakers: BTreeMap<u64, Waker>,
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

    /// Returns a future that is ready when the event has happened.
    pub fn wait(&self) -> Waiting {
        Waiting { event: self.clone(), number: None }
    }
}

pub struct Waiting {
    event: Event,
    /// The number of its entry; `None` before the first poll.
    number: Option<u64>,
}

impl Future for Waiting {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        let waker = context.waker().clone();
        let mut state = this.event.0.lock().unwrap();
        if state.is_set {
            return Poll::Ready(());
        }
        let number = *this.number.get_or_insert_with(|| {
            state.next += 1;
            state.next
        });
        // The newest waker replaces the one before. Dropping a waker runs foreign code, so release the lock first.
        let before = state.wakers.insert(number, waker);
        drop(state);
        drop(before);
        Poll::Pending
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let Some(number) = self.number else { return };
        // After `set` there is nothing to remove, and that is fine. As above, the waker outlives the guard.
        let left = self.event.0.lock().unwrap().wakers.remove(&number);
        drop(left);
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
