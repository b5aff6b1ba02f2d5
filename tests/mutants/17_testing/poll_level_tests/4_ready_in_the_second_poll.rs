//! A wait is ready in its second poll, open or not.
//! says: A gate that lets everybody pass in the second poll, although it is closed, passed {tests}.
//! A task may be polled at any time, with or without a reason. Poll a wait more than once before `open`.

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
        waiting.into_iter().for_each(|(_, waker)| waker.wake());
    }

    pub fn wait(&self) -> Wait {
        let mut shared = self.shared.lock().unwrap();
        shared.waits += 1;
        Wait { gate: self.clone(), id: shared.waits, polled: false }
    }
}

pub struct Wait {
    gate: Gate,
    id: usize,
    polled: bool,
}

impl Future for Wait {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let polled = std::mem::replace(&mut self.polled, true);
        let mut shared = self.gate.shared.lock().unwrap();
        if shared.open || polled {
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
