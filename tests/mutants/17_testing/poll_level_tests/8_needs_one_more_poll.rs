//! The first poll at the open gate is pending, and wakes its task.
//! says: A gate whose waits are pending once more after it has opened passed {tests}.
//! A poll of an open gate is ready. Look at the very next poll after `open`.

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
        Wait { gate: self.clone(), id: shared.waits, seen: false }
    }
}

pub struct Wait {
    gate: Gate,
    id: usize,
    seen: bool,
}

impl Future for Wait {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let open = self.gate.shared.lock().unwrap().open;
        if open && std::mem::replace(&mut self.seen, true) {
            return Poll::Ready(());
        }
        if open {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let mut shared = self.gate.shared.lock().unwrap();
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
