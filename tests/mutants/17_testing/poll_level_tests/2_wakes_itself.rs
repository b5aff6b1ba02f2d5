//! Each poll of a closed gate wakes its own task.
//! says: A gate that wakes its task in every poll while it is closed passed {tests}.
//! Such a wait keeps a core busy until the gate opens. How often may a waker have been called before `open`?

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
        context.waker().wake_by_ref();
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
