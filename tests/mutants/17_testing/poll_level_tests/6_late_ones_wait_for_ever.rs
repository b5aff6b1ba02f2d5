//! Who begins to wait at an open gate waits forever.
//! says: A gate that is closed for everybody who comes after `open` passed {tests}.
//! Once it is open, it stays open. Make a wait after `open`.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

#[derive(Clone, Default)]
pub struct Gate {
    shared: Arc<Mutex<Shared>>,
}

#[derive(Default)]
struct Shared {
    opened_at: Option<usize>,
    waits: usize,
    waiting: Vec<(usize, Waker)>,
}

impl Gate {
    pub fn open(&self) {
        let waiting = {
            let mut shared = self.shared.lock().unwrap();
            shared.opened_at = Some(shared.waits);
            std::mem::take(&mut shared.waiting)
        };
        waiting.into_iter().for_each(|(_, waker)| waker.wake());
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
        if shared.opened_at.is_some_and(|last| self.id <= last) {
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
