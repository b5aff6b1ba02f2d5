//! Each wait has a place of its own for its waker, which it shares with the gate.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::task::{Context, Poll, Waker};

type Place = Mutex<Option<Waker>>;

#[derive(Clone, Default)]
pub struct Gate {
    open: Arc<AtomicBool>,
    places: Arc<Mutex<Vec<Weak<Place>>>>,
}

impl Gate {
    pub fn open(&self) {
        self.open.store(true, Ordering::SeqCst);
        let places = std::mem::take(&mut *self.places.lock().unwrap());
        for place in places.iter().filter_map(Weak::upgrade) {
            let waker = place.lock().unwrap().take();
            if let Some(waker) = waker {
                waker.wake();
            }
        }
    }

    pub fn wait(&self) -> Wait {
        let place = Arc::default();
        self.places.lock().unwrap().push(Arc::downgrade(&place));
        Wait { open: Arc::clone(&self.open), place }
    }
}

pub struct Wait {
    open: Arc<AtomicBool>,
    place: Arc<Place>,
}

impl Future for Wait {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        // The waker first: a gate that opens in between finds it.
        *self.place.lock().unwrap() = Some(context.waker().clone());
        if self.open.load(Ordering::SeqCst) { Poll::Ready(()) } else { Poll::Pending }
    }
}
