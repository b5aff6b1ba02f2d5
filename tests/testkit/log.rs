//! Events in order, with virtual timestamps.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::activity::{bump, lock};
use crate::stopwatch::Stopwatch;

/// A log longer than this is the work of an endless loop, which must not eat the machine's memory meanwhile.
const LIMIT: usize = 1_000_000;

/// Events in the order in which they happened, each with its time. Clones write to the same log.
///
/// Time is counted from [`Log::new`] by the clock of the Tokio runtime that an event happens in, which is virtual
/// inside [`vt`](crate::vt). A log that is older than the runtime counts from the start of `vt` (or
/// [`rt`](crate::rt)), and goes on counting in the next one. Outside of every runtime, time stands still.
///
/// ```
/// let log = testkit::Log::new();
/// log.push("connected");
/// log.push(format!("sent {}", 3));
/// assert_eq!(log.events(), ["connected", "sent 3"]);
/// ```
#[derive(Clone)]
pub struct Log {
    state: Arc<Mutex<State>>,
}

struct State {
    watch: Stopwatch,
    events: Vec<(String, Duration)>,
}

impl Log {
    /// An empty log; its time starts now.
    #[must_use]
    pub fn new() -> Self {
        Self { state: Arc::new(Mutex::new(State { watch: Stopwatch::start(), events: Vec::new() })) }
    }

    /// Appends an event.
    ///
    /// # Panics
    /// After a million events: whatever writes them never ends.
    pub fn push(&self, event: impl Into<String>) {
        self.append(event.into());
    }

    fn append(&self, event: String) {
        let full = {
            let mut state = lock(&self.state);
            let at = state.watch.read();
            let full = state.events.len() >= LIMIT;
            if !full {
                state.events.push((event, at));
            }
            full
        };
        bump();
        assert!(!full, "More than {LIMIT} events: something runs in a loop that never ends.");
    }

    /// All events in order.
    #[must_use]
    pub fn events(&self) -> Vec<String> {
        lock(&self.state).events.iter().map(|(event, _)| event.clone()).collect()
    }

    /// All events in order, each with the time at which it happened.
    #[must_use]
    pub fn timed(&self) -> Vec<(String, Duration)> {
        lock(&self.state).events.clone()
    }

    /// How many events there are.
    #[must_use]
    pub fn len(&self) -> usize {
        lock(&self.state).events.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many events read exactly `event`.
    #[must_use]
    pub fn count(&self, event: &str) -> usize {
        lock(&self.state).events.iter().filter(|(text, _)| text == event).count()
    }

    /// Forgets all events; the time goes on.
    pub fn clear(&self) {
        lock(&self.state).events.clear();
        bump();
    }
}

impl Default for Log {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.timed().fmt(f)
    }
}

/// A value that writes `dropped <name>` to a [`Log`] when it is dropped.
///
/// ```
/// use testkit::{DropLog, Log};
/// let log = Log::new();
/// drop(DropLog::new(&log, "connection"));
/// assert_eq!(log.events(), ["dropped connection"]);
/// ```
#[derive(Debug)]
#[must_use = "it is dropped at once"]
pub struct DropLog {
    log: Log,
    name: String,
}

impl DropLog {
    /// A value that is missed under this name.
    pub fn new(log: &Log, name: impl Into<String>) -> Self {
        Self { log: log.clone(), name: name.into() }
    }
}

impl Drop for DropLog {
    fn drop(&mut self) {
        self.log.push(format!("dropped {}", self.name));
    }
}
