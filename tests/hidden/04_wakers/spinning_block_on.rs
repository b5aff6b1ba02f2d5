//! Hidden tests of `spinning_block_on`.

use std::hash::{BuildHasher, RandomState};
use std::sync::mpsc::{self, Receiver};
use std::thread;
// hermetic: how long wrong answers are watched for a poll too many; right ones never make it
use std::time::{Duration, Instant};

use exercise::block_on;
use testkit::{Effort, Script, Signal, Step, Wake, compete, panic_of, stage};

/// How long nothing happens: time for a wrong answer to show itself. A right one sleeps, however long it is.
const WINDOW: Duration = Duration::from_millis(150);

/// While nothing happens the thread sleeps; the wake ends its sleep, and the second poll is the last.
#[test]
fn sleeps_until_it_is_woken() {
    let event = Signal::new();
    let value = pick();
    let script = Script::new("event", [Step::Pend(Wake::Later(event.clone())), Step::Ready(value)]);
    let probe = script.probe();
    stage("`block_on` has been called; the future has not been polled yet");
    let blocked = Blocked::start(script);
    while probe.polls() == 0 && !blocked.is_over() {
        thread::sleep(Duration::from_millis(1));
    }

    stage("the future was polled and is waiting for an event that has not come");
    let before = Effort::of_others();
    let start = Instant::now();
    // After a while it is clear enough that somebody polls without being woken.
    while start.elapsed() < WINDOW && (start.elapsed() < WINDOW / 5 || probe.polls() < 2) {
        thread::sleep(Duration::from_millis(1));
    }
    let polls = probe.polls();
    assert!(
        polls < 2,
        "Polled {polls} times while nothing happened. A runtime parks until the waker is called: it sleeps, and \
         somebody else ends its sleep."
    );
    let waker = probe.last_waker();
    assert!(
        // The table of `Waker::noop()` may have another address in each crate; its data is always null, and no `Arc` is.
        !waker.is_some_and(|waker| waker.data().is_null()),
        "You sleep now, and nobody will ever wake you: the waker that you handed to `poll` is `Waker::noop()`, which \
         does nothing when it is called."
    );
    if let (Some(before), Some(after)) = (before, Effort::of_others()) {
        let naps = after.since(before).naps;
        compete(3 * BUSY);
        let burned = Effort::of_others().map_or(Duration::ZERO, |now| now.since(before).cpu);
        assert!(
            burned < BUSY,
            "Your thread burned {} ms of CPU while nothing happened. Asking a flag in circles is a spin as well: let \
             the thread sleep, and let the waker end its sleep.",
            burned.as_millis()
        );
        assert!(
            naps < 8,
            "Your thread got up {naps} times while nothing happened, only to look at a flag. It should sleep until the \
             waker is called."
        );
    }

    stage(
        "the event has come and the waker was called from another thread; `block_on` has not come back yet",
    );
    event.fire();
    let found = blocked.value();
    let polls = probe.polls();
    assert!(
        polls == 2,
        "One event, and {polls} polls. Two are needed: one that finds nothing, one after the wake."
    );
    assert!(found == value, "The future's value was {value}, and `block_on` returned {found}.");
}

/// What is ready already is returned at once, from any future, by a `block_on` of your own.
#[test]
fn returns_what_the_future_returns() {
    let value = pick();
    let script = Script::new("ready", [Step::Ready(value)]);
    let probe = script.probe();
    stage("`block_on` has been called with a future that is ready at once");
    let (found, tokio) = Blocked::start(async {
        let tokio = tokio::runtime::Handle::try_current().is_ok();
        (script.await, tokio)
    })
    .value();
    assert!(!tokio, "That is the engine of Tokio. This `block_on` is to be your own, of `std` alone.");
    assert!(found == value, "The future's value was {value}, and `block_on` returned {found}.");
    let polls = probe.polls();
    assert!(polls == 1, "A future that is ready at once was polled {polls} times.");
}

/// A future that is woken a hundred times from other threads is polled once for each wake.
#[test]
fn each_wake_means_one_poll() {
    let signals: Vec<Signal> = (0..100).map(|_| Signal::new()).collect();
    let steps = signals.iter().cloned().map(|signal| Step::Pend(Wake::Later(signal)));
    let script = Script::new("train", steps.chain([Step::Ready(())]));
    let probe = script.probe();
    let blocked = Blocked::start(script);
    for (done, signal) in signals.iter().enumerate() {
        stage(format!("the future has been woken {done} times, from another thread"));
        while probe.polls() <= done && !blocked.is_over() {
            thread::sleep(Duration::from_micros(200));
        }
        signal.fire();
    }
    stage("the future has been woken 100 times, from another thread, and is ready");
    blocked.value();
    let polls = probe.polls();
    assert!(
        polls == 101,
        "100 wakes took {polls} polls. One poll for each wake, after a first one, makes 101."
    );
}

/// A wake that comes while the future is being polled is not lost.
#[test]
fn a_wake_during_the_poll_counts() {
    let script = Script::new("eager", [Step::Pend(Wake::Itself), Step::Pend(Wake::Itself), Step::Ready(())]);
    let probe = script.probe();
    stage("the future called its waker during the first poll, before your thread could lie down");
    Blocked::start(script).value();
    let polls = probe.polls();
    assert!(polls == 3, "The future woke itself twice, and was polled {polls} times. 3 polls are needed.");
}

/// CPU time that no sleeping thread uses.
const BUSY: Duration = Duration::from_millis(20);

/// `block_on` at work, on a thread of its own.
struct Blocked<T> {
    outcome: Receiver<Result<T, String>>,
    thread: thread::JoinHandle<()>,
}

impl<T: Send + 'static> Blocked<T> {
    fn start(future: impl Future<Output = T> + Send + 'static) -> Self {
        let (tell, outcome) = mpsc::channel();
        let thread = thread::spawn(move || {
            let _ = tell.send(panic_of(|| block_on(future)));
        });
        Self { outcome, thread }
    }

    fn is_over(&self) -> bool {
        self.thread.is_finished()
    }

    /// Waits for it to come back.
    fn value(self) -> T {
        match self.outcome.recv() {
            Ok(Ok(value)) => value,
            Ok(Err(text)) => panic!("`block_on` panicked before the future was done.\n{text}"),
            Err(_) => panic!("`block_on` ended its thread before the future was done."),
        }
    }
}

fn pick() -> u64 {
    RandomState::new().hash_one(()) % 1_000_000
}
