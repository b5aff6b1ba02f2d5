//! A clone of it is another gate.
//! says: A gate whose clones are gates of their own passed {tests}.
//! A wait at one of them hangs when another one is opened. Clones are the same gate: wait at one, and open another.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

#[derive(Default)]
pub struct Gate {
    shared: Arc<Mutex<Shared>>,
}

#[derive(Default)]
struct Shared {
    open: bool,
    waits: usize,
    waiting: Vec<(usize, Waker)>,
}

impl Clone for Gate {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Gate {
    pub fn open(&self) {
        let waiting = {
            let mut shared = self.shared.lock().unwrap();
            shared.open = true;
            std::mem::take(&mut shared.waiting)
        };
        waiting.into_iter().for_each(|(_, waker)| waker.wake());
    }

    pub fn wait(&self) -> Wait {
        let mut shared = self.shared.lock().unwrap();
        shared.waits += 1;
        Wait { gate: Self { shared: Arc::clone(&self.shared) }, id: shared.waits }
    }
}

pub struct Wait {
    gate: Gate,
    id: usize,
}

impl Future for Wait {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut shared = self.gate.shared.lock().unwrap();
        if shared.open {
            return Poll::Ready(());
        }
        shared.waiting.retain(|(id, _)| *id != self.id);
        shared.waiting.push((self.id, context.waker().clone()));
        Poll::Pending
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        self.gate.shared.lock().unwrap().waiting.retain(|(id, _)| *id != self.id);
    }
}
