//! One test alone in its process: what other threads do is all that it measures.
#![cfg(target_os = "linux")]
#![expect(clippy::disallowed_methods, reason = "nappers are told from sleepers")]

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use testkit::{Blocked, Noted, Rest, Signal, Step, Woken};

type Event = Noted<testkit::Script<u8>>;

struct Alarm(Thread, AtomicBool);

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        self.1.store(true, Ordering::SeqCst);
        self.0.unpark();
    }
}

/// A `block_on` whose thread does `rest` until it has been woken.
fn wait<T>(mut event: impl Future<Output = T> + Unpin, rest: fn()) -> T {
    let alarm = Arc::new(Alarm(thread::current(), AtomicBool::new(false)));
    let waker = Waker::from(Arc::clone(&alarm));
    loop {
        if let Poll::Ready(value) = testkit::poll_once(&mut event, &waker) {
            return value;
        }
        while !alarm.1.swap(false, Ordering::SeqCst) {
            rest();
        }
    }
}

fn watched(block_on: impl FnOnce(Event) -> u8 + Send + 'static) -> (Rest, Option<Duration>) {
    let signal = Signal::new();
    let steps = [Step::Pend(testkit::Wake::Later(signal.clone())), Step::Ready(7)];
    let blocked = Blocked::start(testkit::Script::new("event", steps), block_on);
    blocked.until_polled(1);
    let rest = blocked.rest(Duration::from_millis(50));
    signal.fire();
    let answer = blocked.answers(2);
    assert_eq!(blocked.value(), Ok(7));
    (rest, answer)
}

#[test]
fn sleepers_nappers_and_spinners_are_told_apart() {
    for _ in 0..5 {
        let (rest, answer) = watched(|event| wait(event, thread::park));
        assert_eq!(rest, Rest::Asleep);
        assert!(answer.is_some());
    }
    let (naps, _) = watched(|event| wait(event, || thread::sleep(Duration::from_millis(15))));
    assert!(matches!(naps, Rest::Naps { naps: 1.., .. }), "{naps:?}");
    for spin in [std::hint::spin_loop, thread::yield_now] {
        let (spins, _) = watched(move |event| wait(event, spin));
        assert!(matches!(spins, Rest::Awake { .. }), "{spins:?}");
    }
    a_nap_of_any_length_is_seen();
    what_a_call_does_else_is_seen();
    wakes_during_the_first_poll_are_answered_or_not();
}

/// A nap is longer than the time for which it was watched, and the wake does not end it: who got up by the clock does so
/// again, as late as the answer came. Called by the one test, since two would see each other's threads.
fn a_nap_of_any_length_is_seen() {
    let rests: [fn(); 3] = [
        || thread::sleep(Duration::from_millis(60)),
        || thread::sleep(Duration::from_millis(300)),
        // It would sleep so long, and is woken.
        || thread::park_timeout(Duration::from_secs(600)),
    ];
    for (rest, naps) in rests.into_iter().zip([true, true, false]) {
        let signals = [(); 4].map(|()| Signal::new());
        let steps = signals.iter().cloned().map(|signal| Step::Pend(testkit::Wake::Later(signal)));
        let script = testkit::Script::new("events", steps.chain([Step::Ready(7)]));
        let blocked = Blocked::start(script, move |event| wait(event, rest));
        blocked.until_polled(1);
        let mut slowest = Duration::ZERO;
        for (signal, polls) in signals[..3].iter().zip(2..) {
            let _ = blocked.rest(Duration::ZERO);
            signal.fire();
            slowest = slowest.max(blocked.answers(polls).unwrap_or(Duration::from_secs(1)));
            blocked.until_polled(polls);
        }
        let seen = blocked.rest(2 * slowest);
        assert_eq!(seen != Rest::Asleep, naps, "{seen:?} after {slowest:?}");
        signals[3].fire();
        assert_eq!(blocked.value(), Ok(7));
    }
}

/// As above: called by the one test.
fn what_a_call_does_else_is_seen() {
    let blocked = Blocked::start(async {}, |_unpolled| panic!("no"));
    while !blocked.is_over() {
        thread::yield_now();
    }
    assert_eq!(blocked.rest(Duration::ZERO), Rest::Over);
    assert_eq!(blocked.polls(), 0);
    assert_eq!(blocked.value(), Err::<(), _>("no".to_owned()));

    let polls = Blocked::start(poll_fn(|_: &mut Context<'_>| Poll::<()>::Pending), |mut future| {
        for _ in 0..2 {
            let _ = testkit::poll_once(&mut future, Waker::noop());
            thread::sleep(Duration::from_millis(100));
        }
    });
    polls.until_polled(1);
    let polled = polls.rest(Duration::from_secs(60));
    assert!(matches!(polled, Rest::Polled { naps: 1.. }), "{polled:?}");
    assert_eq!(polls.value(), Ok(()));

    let (door, open) = std::sync::mpsc::channel();
    let stuck = Blocked::start(async move { open.recv() }, |mut future| {
        testkit::poll_once(&mut future, Waker::noop())
    });
    stuck.until_polled(1);
    assert_eq!(stuck.rest(Duration::from_millis(10)), Rest::InPoll);
    door.send(7).expect("the other end is alive");
    assert_eq!(stuck.value(), Ok(Poll::Ready(Ok(7))));
}

/// As above: called by the one test.
fn wakes_during_the_first_poll_are_answered_or_not() {
    type Start = fn(fn(Noted<Woken>)) -> (Blocked<()>, Option<Duration>);
    let starts: [Start; 2] =
        [|block_on| Blocked::woken_in_its_poll(block_on), |block_on| Blocked::woken_from_elsewhere(block_on)];
    for start in starts {
        let (remembers, answer) = start(|future| wait(future, thread::park));
        assert!(answer.is_some());
        assert_eq!(remembers.polls(), 2);
        remembers.returned();

        let (forgets, answer) = start(|mut future| {
            let alarm = Arc::new(Alarm(thread::current(), AtomicBool::new(false)));
            let _ = testkit::poll_once(&mut future, &Waker::from(Arc::clone(&alarm)));
            // The wake has come, and is forgotten; whatever ends the sleep comes much later.
            thread::park();
            alarm.1.store(false, Ordering::SeqCst);
            while !alarm.1.load(Ordering::SeqCst) {
                thread::park();
            }
        });
        assert_eq!(answer, None);
        assert_eq!(forgets.polls(), 1);

        let (panics, _) = start(|_unpolled| panic!("no"));
        let told = testkit::panic_of(|| panics.returned()).expect_err("the call panicked");
        assert!(told.starts_with("`block_on` panicked after 0 polls") && told.ends_with("\nno"), "{told}");
    }
}
