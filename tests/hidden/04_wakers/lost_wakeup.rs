//! Hidden tests of `lost_wakeup`.

use std::hash::{BuildHasher, RandomState};
use std::sync::mpsc::{self, Receiver};
use std::thread;
// hermetic: how long wrong answers are watched for a poll too many; right ones never make it
use std::time::{Duration, Instant};

use exercise::block_on;
use testkit::{Script, Signal, Step, Wake, panic_of, stage};

/// How long nothing happens: time for a wrong answer to show itself. A right one sleeps, however long it is.
const WINDOW: Duration = Duration::from_millis(150);

/// Between two looks at how far it is. Seldom enough that whoever looks is not taken for somebody busy.
const LOOK: Duration = Duration::from_millis(10);

/// A future that wakes itself during each poll is polled again, each time.
#[test]
fn a_wake_during_the_poll_counts() {
    // Three turns for a clear story; a thousand more, so that nobody gets through by waiting for each of them.
    for turns in [3, 1000] {
        let value = pick();
        let steps = (0..turns).map(|_| Step::Pend(Wake::Itself)).chain([Step::Ready(value)]);
        let script = Script::new("eager", steps);
        let probe = script.probe();
        stage(format!("the future calls its waker during the poll, {turns} times in a row"));
        let found = Blocked::start(script).value();
        assert!(found == value, "The future's value was {value}, and `block_on` returned {found}.");
        let (polls, needed) = (probe.polls(), turns + 1);
        assert!(
            polls == needed,
            "The future woke itself {turns} times, and was polled {polls} times instead of {needed}."
        );
    }
}

/// While nobody calls the waker, nobody polls: neither before the first wake nor after it.
#[test]
fn sleeps_while_nobody_wakes() {
    let signals = [Signal::new(), Signal::new()];
    let steps = [
        Step::Pend(Wake::Later(signals[0].clone())),
        Step::Pend(Wake::Itself),
        Step::Pend(Wake::Later(signals[1].clone())),
        Step::Ready(()),
    ];
    let script = Script::new("rare", steps);
    let probe = script.probe();
    let blocked = Blocked::start(async {
        let tokio = tokio::runtime::Handle::try_current().is_ok();
        script.await;
        tokio
    });
    // The future is woken from another thread, then by itself, and then not for a while.
    for (signal, polls_before) in signals.iter().zip([1, 3]) {
        stage(format!("the future was polled {polls_before} times, and nobody has called its waker"));
        while probe.polls() < polls_before && !blocked.is_over() {
            thread::sleep(Duration::from_millis(1));
        }
        let start = Instant::now();
        while start.elapsed() < WINDOW && probe.polls() == polls_before {
            thread::sleep(Duration::from_millis(1));
        }
        let polls = probe.polls();
        assert!(
            polls <= polls_before || polls_before == 1,
            "Polled again with no wake: the one that had come was answered already. A wake has to be forgotten when \
             the next poll begins, or the thread never lies down again."
        );
        assert!(
            polls <= polls_before,
            "Polled again with no wake: the timeout hides the lost wake-up. The thread gets up for nothing, and when a \
             wake is lost it comes late."
        );
        stage("the waker was called from another thread; the thread in `block_on` has not got up yet");
        signal.fire();
    }
    let tokio = blocked.value();
    assert!(!tokio, "That is the engine of Tokio. This `block_on` is to be your own, of `std` alone.");
    let polls = probe.polls();
    assert!(polls == 4, "The future was woken 3 times and polled {polls} times instead of 4.");
}

/// A waker may be called many times during one poll; the future still finishes when its event comes.
#[test]
fn many_wakes_during_one_poll() {
    let event = Signal::new();
    let script = Script::new("rare", [Step::Pend(Wake::Later(event.clone())), Step::Ready(())]);
    let probe = script.probe();
    let mut inner = Box::pin(script);
    let mut first = true;
    stage("the future calls its waker five times during its first poll");
    let blocked = Blocked::start(std::future::poll_fn(move |context| {
        if std::mem::take(&mut first) {
            for _ in 0..5 {
                context.waker().wake_by_ref();
                context.waker().clone().wake();
            }
        }
        inner.as_mut().poll(context)
    }));
    while probe.polls() < 2 && !blocked.is_over() {
        thread::sleep(LOOK);
    }
    stage("the future woke itself several times, and then an event came, on another thread");
    event.fire();
    blocked.value();
}

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
