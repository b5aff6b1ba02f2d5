//! A place in a list that never moves: who leaves, leaves an empty place, and the next one takes it.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

/// Clones are the same event.
#[derive(Clone, Default)]
pub struct Event(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    is_set: bool,
    places: Vec<Option<(Arc<()>, Option<Waker>)>>,
}

impl Event {
    pub fn set(&self) {
        let wakers = {
            let mut state = self.0.lock().unwrap();
            state.is_set = true;
            let places = std::mem::take(&mut state.places);
            places.into_iter().flatten().filter_map(|(_, waker)| waker).collect::<Vec<_>>()
        };
        wakers.into_iter().for_each(Waker::wake);
    }

    /// A future that is done when the event has happened.
    pub fn wait(&self) -> Waiting {
        Waiting { event: self.clone(), own: Arc::new(()) }
    }
}

pub struct Waiting {
    event: Event,
    own: Arc<()>,
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
        let mine = |place: &Option<(Arc<()>, Option<Waker>)>| {
            place.as_ref().is_some_and(|(owner, _)| Arc::ptr_eq(owner, &this.own))
        };
        let place =
            state.places.iter().position(mine).or_else(|| state.places.iter().position(Option::is_none));
        let place = place.unwrap_or_else(|| {
            state.places.push(None);
            state.places.len() - 1
        });
        let before = state.places[place].replace((this.own.clone(), Some(waker)));
        drop(state);
        drop(before);
        Poll::Pending
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut state = self.event.0.lock().unwrap();
        let mine = state
            .places
            .iter_mut()
            .find(|place| place.as_ref().is_some_and(|(owner, _)| Arc::ptr_eq(owner, &self.own)));
        let left = mine.and_then(Option::take);
        drop(state);
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
    }
    println!("wakers kept: {}", shut_down.0.lock().unwrap().places.iter().flatten().count());
}
