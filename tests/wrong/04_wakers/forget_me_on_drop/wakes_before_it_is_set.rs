//! fails: who_is_woken_finds_the_event
//! says: the event was checked at that moment, and it had not happened yet

// Wakes first, and raises the flag behind it: whoever is woken and looks at once goes back to sleep, and nobody wakes it again.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

/// Clones are the same event.
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
        let wakers = std::mem::take(&mut self.0.lock().unwrap().wakers);
        wakers.into_values().for_each(Waker::wake);
        self.0.lock().unwrap().is_set = true;
    }

    /// A future that is done when the event has happened.
    pub fn wait(&self) -> Waiting {
        Waiting { event: self.clone(), number: None }
    }
}

pub struct Waiting {
    event: Event,
    /// Its entry in the list; none before the first poll.
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
        // The newest waker takes the place of the one before. Dropping a waker is foreign code: it waits for the lock.
        let before = state.wakers.insert(number, waker);
        drop(state);
        drop(before);
        Poll::Pending
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let Some(number) = self.number else { return };
        // After `set` there is nothing to remove, and that is all right. As above, the waker outlives the guard.
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
