//! A door that a test opens by hand.

use std::collections::BTreeMap;
use std::fmt;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use crate::activity::{bump, lock};

/// A door that is opened once and stays open. Everybody who [waits](Gate::wait) for it goes on then, also those who
/// come later. Clones are the same door.
///
/// ```
/// # testkit::rt(async {
/// let gate = testkit::Gate::new();
/// let task = tokio::spawn(gate.wait());
/// testkit::settle().await;
/// assert_eq!(gate.waiters(), 1);
/// gate.open();
/// task.await.unwrap();
/// # });
/// ```
#[derive(Clone, Default)]
pub struct Gate {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    open: bool,
    next: u64,
    /// By number, which is the order in which they came.
    waiters: BTreeMap<u64, Waker>,
}

impl Gate {
    /// A closed gate.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Opens it and wakes everybody who waits, in the order in which they came. No lock is held meanwhile.
    pub fn open(&self) {
        let waiters = {
            let mut state = lock(&self.state);
            state.open = true;
            mem::take(&mut state.waiters)
        };
        bump();
        for waker in waiters.into_values() {
            waker.wake();
        }
    }

    /// Whether it has been opened.
    #[must_use]
    pub fn is_open(&self) -> bool {
        lock(&self.state).open
    }

    /// How many futures of [`wait`](Gate::wait) have been polled, are still waiting and have not been dropped.
    /// 0 once the gate is open.
    #[must_use]
    pub fn waiters(&self) -> usize {
        lock(&self.state).waiters.len()
    }

    /// A future that is ready when the gate is open. It registers itself on its first poll, keeps the newest waker
    /// and leaves when it is dropped.
    pub fn wait(&self) -> GateWait {
        GateWait { gate: self.clone(), id: None }
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (open, waiters) = {
            let state = lock(&self.state);
            (state.open, state.waiters.len())
        };
        f.debug_struct("Gate").field("open", &open).field("waiters", &waiters).finish()
    }
}

/// The future of [`Gate::wait`].
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct GateWait {
    gate: Gate,
    id: Option<u64>,
}

impl Future for GateWait {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        // Cloning and dropping a waker runs foreign code, which must not find the lock held.
        let waker = context.waker().clone();
        let gate = self.gate.clone();
        let mut state = lock(&gate.state);
        if state.open {
            return Poll::Ready(());
        }
        let id = *self.id.get_or_insert_with(|| {
            state.next += 1;
            state.next
        });
        let old = state.waiters.insert(id, waker);
        drop(state);
        if old.is_none() {
            bump();
        }
        drop(old);
        Poll::Pending
    }
}

impl Drop for GateWait {
    fn drop(&mut self) {
        let Some(id) = self.id else { return };
        let left = lock(&self.gate.state).waiters.remove(&id);
        bump();
        drop(left);
    }
}
