//! Hidden tests of `wake_the_right_thread`.

use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
// hermetic: how long wrong answers are watched for a poll too many, and a lower bound
use std::time::{Duration, Instant};

use exercise::block_on;
use testkit::{Script, Signal, Step, Wake, panic_of, stage};

/// How long nothing happens: time for a wrong answer to show itself. A right one sleeps, however long it is.
const WINDOW: Duration = Duration::from_millis(150);

/// A wake from another thread ends the sleep of the thread in `block_on`, and nothing else does.
#[test]
fn the_sleeper_is_woken() {
    let event = Signal::new();
    let value = pick();
    let script = Script::new("event", [Step::Pend(Wake::Later(event.clone())), Step::Ready(value)]);
    let probe = script.probe();
    let blocked = Blocked::start(async {
        let tokio = tokio::runtime::Handle::try_current().is_ok();
        (script.await, tokio)
    });
    blocked.until(|| probe.polls() > 0);
    let start = Instant::now();
    while start.elapsed() < WINDOW && probe.polls() < 2 {
        thread::sleep(Duration::from_millis(1));
    }
    let polls = probe.polls();
    assert!(
        polls < 2,
        "Polled {polls} times while nothing happened. Getting up to ask again only hides that the wake goes to the \
         wrong thread."
    );

    stage("the waker was called from another thread; the thread in `block_on` has not come back yet");
    // A token that was left with this thread by anybody else would look like the learner's.
    thread::park_timeout(Duration::ZERO);
    event.fire();
    if !blocked.over_within(Duration::from_millis(300)) {
        // Whoever unparks the caller of `wake` has left a token with this thread, and `park` returns at once.
        let start = Instant::now();
        thread::park_timeout(Duration::from_secs(2));
        assert!(
            start.elapsed() > Duration::from_secs(1),
            "You woke the thread that called `wake`, not the one that sleeps. `wake` runs wherever the event happens; \
             the waker has to bring along whom to wake."
        );
    }
    let (found, tokio) = blocked.value();
    assert!(!tokio, "That is the engine of Tokio. This `block_on` is to be your own, of `std` alone.");
    assert!(found == value, "The future's value was {value}, and `block_on` returned {found}.");
    let polls = probe.polls();
    assert!(
        polls == 2,
        "One event, and {polls} polls. Two are needed: one that finds nothing, one after the wake."
    );
}

/// Two threads sleep in two `block_on`s, and each wake ends the sleep of its own thread.
#[test]
fn each_thread_has_its_own_waker() {
    let (first, second) = (Signal::new(), Signal::new());
    let script = |name: &str, signal: &Signal| {
        Script::new(name, [Step::Pend(Wake::Later(signal.clone())), Step::Ready(())])
    };
    let (one, two) = (script("one", &first), script("two", &second));
    let (probe_one, probe_two) = (one.probe(), two.probe());
    stage("two threads sleep in `block_on`");
    let sleeper_one = Blocked::start(one);
    sleeper_one.until(|| probe_one.polls() > 0);
    let sleeper_two = Blocked::start(two);
    sleeper_two.until(|| probe_two.polls() > 0);

    stage(
        "two threads sleep in `block_on`, and the waker of the second was called; it has not come back yet",
    );
    second.fire();
    while !sleeper_two.over_within(Duration::from_millis(1)) {
        assert!(
            probe_one.polls() == 1,
            "Two threads sleep in `block_on`, the waker of the second was called, and the first got up. Each call of \
             `block_on` needs a waker that knows the thread of that call."
        );
    }
    sleeper_two.value();
    stage("two threads slept in `block_on`, and the waker of the first was called; it has not come back yet");
    first.fire();
    sleeper_one.value();

    stage("both threads are back; now a third one sleeps in `block_on`, and its waker is called");
    let third = Signal::new();
    let three = script("three", &third);
    let probe_three = three.probe();
    let sleeper_three = Blocked::start(three);
    sleeper_three.until(|| probe_three.polls() > 0);
    third.fire();
    sleeper_three.value();
}

/// Somebody unparks the thread for a reason of their own: `block_on` goes on waiting.
#[test]
fn a_stray_unpark_ends_nothing() {
    let (event, later) = (Signal::new(), Signal::new());
    let value = pick();
    let steps =
        [Step::Pend(Wake::Later(event.clone())), Step::Pend(Wake::Later(later.clone())), Step::Ready(value)];
    let script = Script::new("event", steps);
    let probe = script.probe();
    stage("somebody unparked the thread before it called `block_on`");
    let blocked = Blocked::start_with(script, || thread::current().unpark());
    blocked.until(|| probe.polls() > 0);
    stage("somebody unparks the thread in `block_on`, and the waker has not been called");
    for _ in 0..3 {
        blocked.thread.thread().unpark();
        thread::sleep(Duration::from_millis(5));
    }
    stage("the two events of the future have come, one after the other");
    event.fire();
    later.fire();
    let found = blocked.value();
    assert!(found == value, "The future's value was {value}, and `block_on` returned {found}.");
}

/// `block_on` at work, on a thread of its own.
struct Blocked<T> {
    outcome: Arc<Outcome<T>>,
    thread: JoinHandle<()>,
}

/// Not a channel: those park and unpark threads, and leave tokens.
struct Outcome<T> {
    value: Mutex<Option<Result<T, String>>>,
    told: Condvar,
}

impl<T: Send + 'static> Blocked<T> {
    fn start(future: impl Future<Output = T> + Send + 'static) -> Self {
        Self::start_with(future, || {})
    }

    fn start_with(
        future: impl Future<Output = T> + Send + 'static,
        first: impl FnOnce() + Send + 'static,
    ) -> Self {
        let outcome = Arc::new(Outcome { value: Mutex::new(None), told: Condvar::new() });
        let tell = outcome.clone();
        let thread = thread::spawn(move || {
            first();
            let value = panic_of(|| block_on(future));
            *tell.value.lock().unwrap() = Some(value);
            tell.told.notify_all();
        });
        Self { outcome, thread }
    }

    fn is_waiting(&self) -> bool {
        self.outcome.value.lock().unwrap().is_none()
    }

    /// Waits until it is so, or `block_on` is over.
    fn until(&self, so: impl Fn() -> bool) {
        while self.is_waiting() && !so() {
            thread::sleep(Duration::from_millis(1));
        }
    }

    fn over_within(&self, window: Duration) -> bool {
        let value = self.outcome.value.lock().unwrap();
        let (value, _) =
            self.outcome.told.wait_timeout_while(value, window, |value| value.is_none()).unwrap();
        value.is_some()
    }

    /// Waits for it to come back.
    fn value(self) -> T {
        let value = self.outcome.value.lock().unwrap();
        let mut value = self.outcome.told.wait_while(value, |value| value.is_none()).unwrap();
        match value.take().expect("waited for") {
            Ok(value) => value,
            Err(text) => panic!(
                "`block_on` panicked before the future was done. `park` may return without a wake, and a wake does not \
                 promise that the future is ready: poll, and park again.\n{text}"
            ),
        }
    }
}

fn pick() -> u64 {
    RandomState::new().hash_one(()) % 1_000_000
}
