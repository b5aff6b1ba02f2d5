//! Places with a list of those that are free.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

/// Clones are the same event.
#[derive(Clone, Default)]
pub struct Event(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    is_set: bool,
    wakers: Vec<Option<Waker>>,
    free: Vec<usize>,
}

impl Event {
    pub fn set(&self) {
        let wakers = {
            let mut state = self.0.lock().unwrap();
            state.is_set = true;
            state.free.clear();
            std::mem::take(&mut state.wakers)
        };
        wakers.into_iter().flatten().for_each(Waker::wake);
    }

    /// A future that is done when the event has happened.
    pub fn wait(&self) -> Waiting {
        Waiting { event: self.clone(), place: None }
    }
}

pub struct Waiting {
    event: Event,
    place: Option<usize>,
}

impl Future for Waiting {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let waker = context.waker().clone();
        let this = self.get_mut();
        let replaced = {
            let mut state = this.event.0.lock().unwrap();
            if state.is_set {
                return Poll::Ready(());
            }
            let place = match this.place {
                Some(place) => place,
                None => match state.free.pop() {
                    Some(place) => place,
                    None => {
                        state.wakers.push(None);
                        state.wakers.len() - 1
                    }
                },
            };
            this.place = Some(place);
            state.wakers[place].replace(waker)
        };
        drop(replaced);
        Poll::Pending
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let Some(place) = self.place.take() else {
            return;
        };
        let mine = {
            let mut state = self.event.0.lock().unwrap();
            if state.is_set {
                // `set` has taken everything.
                return;
            }
            state.free.push(place);
            state.wakers[place].take()
        };
        drop(mine);
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
    println!("wakers kept: {}", shut_down.0.lock().unwrap().wakers.iter().flatten().count());
}
