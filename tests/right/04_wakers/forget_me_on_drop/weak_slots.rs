//! The waiter owns the slot with its waker; the event knows it weakly and clears up when another one comes.

use std::pin::Pin;
use std::sync::{Arc, Mutex, Weak};
use std::task::{Context, Poll, Wake, Waker};

/// Clones are the same event.
#[derive(Clone, Default)]
pub struct Event(Arc<Mutex<State>>);

type Slot = Mutex<Option<Waker>>;

#[derive(Default)]
struct State {
    is_set: bool,
    slots: Vec<Weak<Slot>>,
}

impl Event {
    pub fn set(&self) {
        let slots = {
            let mut state = self.0.lock().unwrap();
            state.is_set = true;
            std::mem::take(&mut state.slots)
        };
        for slot in slots.iter().filter_map(Weak::upgrade) {
            let waker = slot.lock().unwrap().take();
            waker.into_iter().for_each(Waker::wake);
        }
    }

    /// A future that is done when the event has happened.
    pub fn wait(&self) -> Waiting {
        Waiting { event: self.clone(), slot: None }
    }
}

pub struct Waiting {
    event: Event,
    slot: Option<Arc<Slot>>,
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
        let slot = this.slot.get_or_insert_with(|| {
            let slot = Arc::default();
            state.slots.retain(|slot| slot.strong_count() > 0);
            state.slots.push(Arc::downgrade(&slot));
            slot
        });
        let before = slot.lock().unwrap().replace(waker);
        drop(state);
        drop(before);
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
    }
    println!(
        "wakers kept: {}",
        shut_down.0.lock().unwrap().slots.iter().filter(|slot| slot.strong_count() > 0).count()
    );
}
