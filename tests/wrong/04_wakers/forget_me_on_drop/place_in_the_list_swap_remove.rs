//! fails: the_others_stay
//! says: You removed someone else's waker.

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
        wakers.into_iter().for_each(Waker::wake);
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
        let mut state = this.event.0.lock().unwrap();
        if state.is_set {
            return Poll::Ready(());
        }
        match this.place {
            Some(place) => state.wakers[place] = waker,
            None => {
                this.place = Some(state.wakers.len());
                state.wakers.push(waker);
            }
        }
        Poll::Pending
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut state = self.event.0.lock().unwrap();
        if let Some(place) = self.place
            && place < state.wakers.len()
        {
            state.wakers.swap_remove(place);
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
    }
    println!("wakers kept: {}", shut_down.0.lock().unwrap().wakers.len());
}
