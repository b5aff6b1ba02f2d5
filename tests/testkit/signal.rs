//! An event that a test fires, for scripts that wait for it.

use std::fmt;
use std::sync::{Arc, Mutex, Weak};

use crate::activity::{bump, lock};
use crate::record::Record;

/// Wakes the [`Script`](crate::Script)s that wait for it, once. Clones are the same signal.
///
/// ```
/// use std::task::Poll;
/// use testkit::{CountingWaker, Script, Signal, Step, Wake, poll_once};
///
/// let (signal, counter) = (Signal::new(), CountingWaker::new());
/// let mut event = Script::new("event", [Step::Pend(Wake::Later(signal.clone())), Step::Ready(7)]);
/// assert_eq!(poll_once(&mut event, &counter.waker()), Poll::Pending);
/// assert_eq!(poll_once(&mut event, &counter.waker()), Poll::Pending);
/// signal.fire();
/// assert_eq!(counter.wakes(), 1);
/// assert_eq!(poll_once(&mut event, &counter.waker()), Poll::Ready(7));
/// ```
#[derive(Clone, Default)]
pub struct Signal {
    state: Arc<Mutex<SignalState>>,
}

#[derive(Default)]
struct SignalState {
    fired: bool,
    waiting: Vec<Weak<Record>>,
}

impl Signal {
    /// A signal that has not fired.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Fires: wakes every script that waits for it, on this thread and with no lock held. A script that comes to it
    /// later is `Pending` once and woken at once. Firing again changes nothing.
    pub fn fire(&self) {
        let waiting = {
            let mut state = lock(&self.state);
            state.fired = true;
            std::mem::take(&mut state.waiting)
        };
        bump();
        for record in waiting.iter().filter_map(Weak::upgrade) {
            if let Some(waker) = record.take_kept() {
                waker.wake_by_ref();
            }
        }
    }

    /// Whether it has fired.
    #[must_use]
    pub fn fired(&self) -> bool {
        lock(&self.state).fired
    }

    /// Notes a script whose waker is to be woken.
    pub(crate) fn attach(&self, record: &Arc<Record>) {
        let mut state = lock(&self.state);
        if !state.fired {
            state.waiting.push(Arc::downgrade(record));
        }
    }
}

impl fmt::Debug for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signal").field("fired", &self.fired()).finish()
    }
}
