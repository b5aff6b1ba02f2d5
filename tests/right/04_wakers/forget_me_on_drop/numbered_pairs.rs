//! A list of pairs, and a number that is given when the waiter is made.

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
    wakers: Vec<(u64, Waker)>,
}

impl Event {
    pub fn set(&self) {
        let wakers = {
            let mut state = self.0.lock().unwrap();
            state.is_set = true;
            std::mem::take(&mut state.wakers)
        };
        wakers.into_iter().for_each(|(_, waker)| waker.wake());
    }

    /// A future that is done when the event has happened.
    pub fn wait(&self) -> Waiting {
        let mut state = self.0.lock().unwrap();
        state.next += 1;
        Waiting { event: self.clone(), number: state.next }
    }
}

pub struct Waiting {
    event: Event,
    number: u64,
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
        match state.wakers.iter_mut().find(|(number, _)| *number == this.number) {
            Some((_, kept)) => kept.clone_from(&waker),
            None => state.wakers.push((this.number, waker)),
        }
        Poll::Pending
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.event.0.lock().unwrap().wakers.retain(|(number, _)| *number != self.number);
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
    }
    println!("wakers kept: {}", shut_down.0.lock().unwrap().wakers.len());
}
