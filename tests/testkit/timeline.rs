//! A recording of who was polled, woken and dropped when, to be drawn for the learner.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, Weak};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::Duration;

use crate::activity::{bump, lock};
use crate::harness;
use crate::panics;
use crate::stopwatch::Stopwatch;

/// More than a screen can show; whatever goes on after so many events repeats itself.
const EVENTS: usize = 500;
/// More rows than a screen has room for.
const LANES: usize = 24;
/// The longest name of a lane and the longest text of a mark, in characters.
const TEXT: usize = 60;

/// The number of the newest timeline: that one is shown.
static NEWEST: Mutex<u64> = Mutex::new(0);

/// A recording in lanes, one for each future that is [watched](Lane::watch), with virtual time counted as in a
/// [`Log`](crate::Log). Clones write to the same recording.
///
/// ```
/// use std::time::Duration;
/// use testkit::{Timeline, vt};
/// use tokio::time::sleep;
///
/// let timeline = Timeline::new();
/// let (kettle, toast) = (timeline.lane("kettle"), timeline.lane("toast"));
/// vt(async {
///     kettle.watch(sleep(Duration::from_millis(30))).await;
///     toast.watch(sleep(Duration::from_millis(20))).await;
/// });
/// assert_eq!(timeline.events()[..4], ["kettle poll", "kettle pending", "kettle wake", "kettle poll"]);
/// ```
///
/// Every event is sent to the grader as it happens, so that the recording of a test that hangs is there, too. The
/// learner sees it as a drawing: in the verdict when the test did not pass, and whenever they ask for it. A test that
/// makes several timelines, say one for each case, shows the newest: in a test that failed, the case that failed.
///
/// After 500 events or 24 lanes the recording stops; what is watched goes on as before.
#[derive(Clone)]
pub struct Timeline {
    tape: Arc<Tape>,
}

struct Tape {
    number: u64,
    state: Mutex<State>,
}

struct State {
    watch: Stopwatch,
    lanes: Vec<String>,
    events: Vec<Event>,
    full: bool,
}

struct Event {
    lane: usize,
    at: Duration,
    what: What,
    /// Of a mark.
    text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Poll,
    Pending,
    Ready,
    Panicked,
    Wake,
    Drop,
    Mark,
}

impl What {
    /// Its name on the way to the grader.
    fn word(self) -> &'static str {
        match self {
            Self::Poll => "poll",
            Self::Pending => "pending",
            Self::Ready => "ready",
            Self::Panicked => "panicked",
            Self::Wake => "wake",
            Self::Drop => "drop",
            Self::Mark => "mark",
        }
    }
}

impl Timeline {
    /// An empty recording, which is the one to be shown from now on; its time starts now.
    #[must_use]
    pub fn new() -> Self {
        let number = {
            let mut newest = lock(&NEWEST);
            *newest += 1;
            harness::timeline(&["new"]);
            *newest
        };
        let state = State { watch: Stopwatch::start(), lanes: Vec::new(), events: Vec::new(), full: false };
        Self { tape: Arc::new(Tape { number, state: Mutex::new(state) }) }
    }

    /// The lane of that name; a new one below the others, if there is none yet. A lane that nothing happens in is shown,
    /// too: make it before the learner's code runs, and what was never polled is seen to be so.
    pub fn lane(&self, name: impl AsRef<str>) -> Lane {
        let name = short(name.as_ref());
        let mut state = lock(&self.tape.state);
        let known = state.lanes.iter().position(|lane| *lane == name);
        let number = known.or_else(|| {
            if state.lanes.len() == LANES {
                self.tape.stop(&mut state);
                return None;
            }
            self.tape.send(&["lane", &name]);
            state.lanes.push(name);
            Some(state.lanes.len() - 1)
        });
        Lane { tape: Arc::clone(&self.tape), number }
    }

    /// All events in order: the lane's name and `poll`, `pending`, `ready`, `panicked`, `wake`, `drop` or `mark <text>`.
    #[must_use]
    pub fn events(&self) -> Vec<String> {
        self.timed().into_iter().map(|(event, _)| event).collect()
    }

    /// All events in order, each with the time at which it happened.
    #[must_use]
    pub fn timed(&self) -> Vec<(String, Duration)> {
        let state = lock(&self.tape.state);
        let shown = |event: &Event| {
            let text = format!("{} {} {}", state.lanes[event.lane], event.what.word(), event.text);
            (text.trim_end().to_owned(), event.at)
        };
        state.events.iter().map(shown).collect()
    }
}

impl Default for Timeline {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Timeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.timed().fmt(f)
    }
}

impl Tape {
    fn note(&self, lane: usize, what: What, text: &str) {
        {
            let mut state = lock(&self.state);
            if state.events.len() == EVENTS {
                self.stop(&mut state);
            }
            if !state.full {
                let at = state.watch.read();
                let (number, micros) = (lane.to_string(), at.as_micros().to_string());
                // Sent under the lock, so that events arrive in their order.
                self.send(&[&number, &micros, what.word(), text]);
                state.events.push(Event { lane, at, what, text: text.to_owned() });
            }
        }
        bump();
    }

    fn stop(&self, state: &mut State) {
        if !state.full {
            state.full = true;
            self.send(&["full"]);
        }
    }

    fn send(&self, fields: &[&str]) {
        let newest = lock(&NEWEST);
        if *newest == self.number {
            harness::timeline(fields);
        }
    }
}

fn short(text: &str) -> String {
    text.chars().take(TEXT).collect()
}

/// One row of a [`Timeline`]. Clones are the same row.
#[derive(Clone)]
pub struct Lane {
    tape: Arc<Tape>,
    /// `None` when the timeline has no room for it.
    number: Option<usize>,
}

impl Lane {
    /// The same future, watched. It is `Unpin`, whatever it wraps.
    ///
    /// Each of its polls is noted, with what the poll gave; every call of the waker that it is polled with; its end, and
    /// its drop. For that it is polled with a waker of our own, which passes everything on: so inside of it
    /// `Waker::will_wake` says no to the waker that the watched future was polled with, and
    /// [`Probe::polled_with`](crate::ProbeHandle::polled_with) of a future inside compares with ours. As long as a clone
    /// of ours is kept, the next poll with the same waker has the same one of ours. Nothing here keeps a waker alive.
    pub fn watch<F>(&self, future: F) -> Watched<F> {
        Watched { future: Some(Box::pin(future)), lane: self.clone(), waker: Weak::new(), over: false }
    }

    /// Notes something else that happens in this lane.
    pub fn mark(&self, text: impl AsRef<str>) {
        self.note_with(What::Mark, &short(text.as_ref()));
    }

    fn note(&self, what: What) {
        self.note_with(what, "");
    }

    fn note_with(&self, what: What, text: &str) {
        if let Some(number) = self.number {
            self.tape.note(number, what, text);
        }
    }
}

impl fmt::Debug for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lane").field("number", &self.number).finish_non_exhaustive()
    }
}

/// The future of [`Lane::watch`].
#[must_use = "futures do nothing unless polled"]
pub struct Watched<F> {
    future: Option<Pin<Box<F>>>,
    lane: Lane,
    /// The one of the latest poll, for as long as somebody else keeps it.
    waker: Weak<Forward>,
    over: bool,
}

/// A waker that notes its calls and passes them on.
struct Forward {
    to: Waker,
    lane: Lane,
}

impl Wake for Forward {
    fn wake(self: Arc<Self>) {
        self.lane.note(What::Wake);
        match Arc::try_unwrap(self) {
            Ok(forward) => forward.to.wake(),
            Err(shared) => shared.to.wake_by_ref(),
        }
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.lane.note(What::Wake);
        self.to.wake_by_ref();
    }
}

impl<F> Watched<F> {
    fn forward(&mut self, to: &Waker) -> Waker {
        let kept = self.waker.upgrade().filter(|forward| forward.to.will_wake(to));
        let forward = kept.unwrap_or_else(|| {
            let forward = Arc::new(Forward { to: to.clone(), lane: self.lane.clone() });
            self.waker = Arc::downgrade(&forward);
            forward
        });
        forward.into()
    }
}

impl<F: Future> Future for Watched<F> {
    type Output = F::Output;

    #[track_caller]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.get_mut();
        let waker = this.forward(context.waker());
        let future = this.future.as_mut().expect("taken by drop only");
        this.lane.note(What::Poll);
        let mut polling = Polling { lane: &this.lane, gave: What::Panicked };
        let poll = future.as_mut().poll(&mut Context::from_waker(&waker));
        polling.gave = if poll.is_ready() { What::Ready } else { What::Pending };
        drop(polling);
        this.over |= poll.is_ready();
        poll
    }
}

/// A poll that is going on; its end is noted also when it panics.
struct Polling<'a> {
    lane: &'a Lane,
    gave: What,
}

impl Drop for Polling<'_> {
    fn drop(&mut self) {
        self.lane.note(self.gave);
    }
}

impl<F> Drop for Watched<F> {
    fn drop(&mut self) {
        // It is gone when its destructors are done.
        self.future = None;
        // What is dropped because the test has failed tells nothing about the code under test.
        let test_failed = thread::panicking() && !panics::is_quiet() && tokio::task::try_id().is_none();
        if !test_failed {
            self.lane.note(What::Drop);
        }
    }
}

impl<F> fmt::Debug for Watched<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watched").field("over", &self.over).finish_non_exhaustive()
    }
}
