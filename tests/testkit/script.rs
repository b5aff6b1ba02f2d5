//! A future that does what a test tells it to.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::task::{Context, Poll, Waker};
use std::thread::{self, ThreadId};
use std::time::Duration;

use crate::record::Record;
use crate::signal::Signal;

/// How long [`Wake::FromThread`] waits, in real time. Whoever polls without being woken is seen meanwhile; a right
/// answer is right however long it takes.
const WINDOW: Duration = Duration::from_millis(20);

/// What a [`Script`] does in one poll.
#[derive(Debug, Clone)]
pub enum Step<T> {
    /// Returns `Pending`.
    Pend(Wake),
    /// Returns `Ready` with this value.
    Ready(T),
}

/// Who wakes the task after a `Pending`, and when the script goes on to its next step.
#[derive(Debug, Clone)]
pub enum Wake {
    /// The script itself, before it returns; no waker is kept. The next poll takes the next step.
    Itself,
    /// Another thread, about 20 ms of real time later. Until then every poll is `Pending`, and the newest waker
    /// counts. Inside [`vt`](crate::vt) the virtual clock does not wait for it.
    FromThread,
    /// Nobody, but the waker is kept, as by a future whose event never comes: [`ScriptProbe::last_waker`] has it.
    /// The next poll, if there is one, takes the next step.
    Never,
    /// Nobody, and no waker is kept, as by a broken future. The next poll, if there is one, takes the next step.
    Forgets,
    /// The test, when it fires the signal. Until then every poll is `Pending`, and the newest waker counts.
    Later(Signal),
}

/// A future that takes one step of a list in each poll, and notes how it is treated.
///
/// ```
/// use testkit::{Script, Step, Wake};
///
/// let script = Script::new("A", [Step::Pend(Wake::Itself), Step::Ready("done")]);
/// let probe = script.probe();
/// assert_eq!(testkit::rt(script), "done");
/// assert_eq!(probe.polls(), 2);
/// ```
///
/// Polling it after `Ready` panics. A script that runs out of steps is `Pending` for ever and keeps the waker. It
/// is `Unpin`.
#[must_use = "futures do nothing unless polled"]
pub struct Script<T> {
    steps: VecDeque<Step<T>>,
    core: Core,
}

// A `Script` never hands out a pin to its values.
impl<T> Unpin for Script<T> {}

/// What of a script does not depend on its output.
struct Core {
    name: String,
    record: Arc<Record>,
    waiting: Option<Waiting>,
}

/// A `Pending` that holds until its event has come.
struct Waiting {
    signal: Signal,
    /// Its loss tells the thread of [`Wake::FromThread`] that nobody waits any more.
    _alive: Option<Sender<()>>,
}

impl<T> Script<T> {
    /// A script with these steps. The name appears in messages.
    pub fn new(name: impl Into<String>, steps: impl IntoIterator<Item = Step<T>>) -> Self {
        let core = Core { name: name.into(), record: Arc::new(Record::new()), waiting: None };
        Self { steps: steps.into_iter().collect(), core }
    }

    /// A view of what happens to it, which outlives it.
    #[must_use]
    pub fn probe(&self) -> ScriptProbe {
        ScriptProbe { record: Arc::clone(&self.core.record) }
    }
}

impl<T> Future for Script<T> {
    type Output = T;

    #[track_caller]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let this = self.get_mut();
        let address = (&raw const *this).addr();
        let record = Arc::clone(&this.core.record);
        let _polling = record.poll(address, context.waker());
        if this.core.still_pending(context.waker()) {
            return Poll::Pending;
        }
        match this.steps.pop_front() {
            Some(Step::Ready(value)) => {
                record.ready();
                Poll::Ready(value)
            }
            Some(Step::Pend(wake)) => {
                this.core.pend(wake, context.waker());
                Poll::Pending
            }
            None => {
                record.keep(context.waker());
                Poll::Pending
            }
        }
    }
}

impl<T> fmt::Debug for Script<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Script").field("name", &self.core.name).finish_non_exhaustive()
    }
}

impl Core {
    /// Whether the event of an earlier `Pending` is still to come.
    #[track_caller]
    fn still_pending(&mut self, waker: &Waker) -> bool {
        let name = &self.name;
        assert!(!self.record.is_ready(), "`Script` {name} was polled after it returned `Ready`.");
        if let Some(waiting) = &self.waiting {
            // First the waker, then the question: a signal that fires in between finds the waker.
            self.record.keep(waker);
            if !waiting.signal.fired() {
                return true;
            }
        }
        self.waiting = None;
        drop(self.record.take_kept());
        false
    }

    fn pend(&mut self, wake: Wake, waker: &Waker) {
        match wake {
            Wake::Itself => waker.wake_by_ref(),
            Wake::Forgets => {}
            Wake::Never => self.record.keep(waker),
            Wake::Later(signal) => self.wait_for(signal, None, waker),
            Wake::FromThread => {
                let signal = Signal::new();
                let (alive, gone) = mpsc::channel();
                self.wait_for(signal.clone(), Some(alive), waker);
                thread::spawn(move || {
                    if gone.recv_timeout(WINDOW) == Err(RecvTimeoutError::Timeout) {
                        signal.fire();
                    }
                });
            }
        }
    }

    fn wait_for(&mut self, signal: Signal, alive: Option<Sender<()>>, waker: &Waker) {
        self.record.keep(waker);
        signal.attach(&self.record);
        if signal.fired()
            && let Some(waker) = self.record.take_kept()
        {
            waker.wake_by_ref();
        }
        self.waiting = Some(Waiting { signal, _alive: alive });
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        self.record.dropped();
    }
}

/// What happened to a [`Script`].
#[derive(Clone)]
pub struct ScriptProbe {
    record: Arc<Record>,
}

impl ScriptProbe {
    /// How often it was polled.
    #[must_use]
    pub fn polls(&self) -> usize {
        self.record.polls()
    }

    /// The threads that polled it, each once, in the order of their first poll.
    #[must_use]
    pub fn threads(&self) -> Vec<ThreadId> {
        self.record.threads()
    }

    /// Whether it was polled at another address than the first time.
    #[must_use]
    pub fn moved(&self) -> bool {
        self.record.moved()
    }

    /// Whether it was dropped.
    #[must_use]
    pub fn dropped(&self) -> bool {
        self.record.dropped_at().is_some()
    }

    /// Whether it returned `Ready`.
    #[must_use]
    pub fn finished(&self) -> bool {
        self.record.is_ready()
    }

    /// A clone of the waker that it keeps: the newest one, while it waits for [`Wake::Never`], [`Wake::Later`],
    /// [`Wake::FromThread`] or has run out of steps. `None` before, after, and once that waker has been woken.
    #[must_use]
    pub fn last_waker(&self) -> Option<Waker> {
        self.record.kept()
    }

    /// Whether the waker of its latest poll is this one, in the sense of `Waker::will_wake`.
    #[must_use]
    pub fn polled_with(&self, waker: &Waker) -> bool {
        self.record.polled_with(waker)
    }

    /// Whether it was polled after it had returned `Ready`. That poll panicked.
    #[must_use]
    pub fn polled_after_ready(&self) -> bool {
        self.record.polled_after_ready()
    }
}

impl fmt::Debug for ScriptProbe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptProbe").field("polls", &self.polls()).finish_non_exhaustive()
    }
}
