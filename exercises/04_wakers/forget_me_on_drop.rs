//! In this server, every request waits for its answer or for the event "shut down", whichever comes first. Usually
//! the answer comes first, and the future that waits for the event is dropped. The server runs for years: what the
//! event keeps may grow with the number of futures that wait now, not with the number that ever waited.
//!
//! `cargo run` counts the wakers that the event still keeps when nobody waits any more. (If you keep them elsewhere,
//! change the last line of `main`.)

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
            state.is_set = true;
            std::mem::take(&mut state.wakers)
        };
        wakers.into_iter().for_each(Waker::wake);
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
