//! Opening it wakes nobody.
//! says: A gate that wakes nobody when it opens passed {tests}.
//! The waits are ready after that, but their tasks are never polled again. Count the wakes of a waker of your own.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

#[derive(Clone, Default)]
pub struct Gate {
    shared: Arc<Mutex<Shared>>,
}

#[derive(Default)]
struct Shared {
    open: bool,
    waits: usize,
    waiting: Vec<(usize, Waker)>,
}

impl Gate {
    pub fn open(&self) {
        let waiting = {
            let mut shared = self.shared.lock().unwrap();
            shared.open = true;
            std::mem::take(&mut shared.waiting)
        };
        drop(waiting);
    }

    pub fn wait(&self) -> Wait {
        let mut shared = self.shared.lock().unwrap();
        shared.waits += 1;
        Wait { gate: self.clone(), id: shared.waits }
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
