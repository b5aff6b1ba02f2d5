//! Hidden tests of `spinning_block_on`.

use std::thread;
// hermetic: how long a sleeper is watched, a lower bound; the rest goes by what threads do
use std::time::{Duration, Instant};

use exercise::block_on;
use testkit::{Blocked, Rest, Script, Signal, Step, Wake, panic_of, pick, stage};

/// How long nothing happens: time for a wrong answer to show itself. A right one sleeps, however long it is.
const WINDOW: Duration = Duration::from_millis(600);

/// While nothing happens, the thread sleeps; the wake ends its sleep, and the second poll is the last.
#[test]
fn sleeps_until_it_is_woken() {
    let event = Signal::new();
    let value = pick(0..=u64::MAX);
    let script = Script::new("event", [Step::Pend(Wake::Later(event.clone())), Step::Ready(value)]);
    let probe = script.probe();
    stage("`block_on` has been called; the future has not been polled yet");
    let blocked = Blocked::start(script, |future| block_on(future));
    blocked.until_polled(1);

    stage("the future was polled and is waiting for an event that has not come");
    sleeps(&blocked);
    let waker = probe.last_waker();
    assert!(
        // The table of `Waker::noop()` may have another address in each crate; its data is always null, and no `Arc` is.
        !waker.is_some_and(|waker| waker.data().is_null()),
        "Your thread sleeps now, and nothing will ever wake it: the waker that you passed to `poll` is \
         `Waker::noop()`, which does nothing when it is called."
    );

    stage("the event has come and the waker was called, from another thread");
    // A token that anybody else has left with this thread would look like the learner's.
    thread::park_timeout(Duration::ZERO);
    event.fire();
    if blocked.answers(2).is_none() {
        // Whoever unparks the caller of `wake` has left a token with this thread, and `park` returns at once.
        let start = Instant::now();
        thread::park_timeout(Duration::from_secs(2));
        assert!(
            start.elapsed() > Duration::from_secs(1),
            "The event came, and `wake` unparked the thread that called it. The thread in `block_on` sleeps on: the \
             waker has to know which thread to wake."
        );
        panic!(
            "The event came and your waker was called, but the thread in `block_on` sleeps on. Only the call of the \
             waker can end its sleep, so `wake` has to do it: for this thread, and at once."
        );
    }
    let found = blocked.returned();
    assert!(found == value, "The future's value was {value}, but `block_on` returned {found}.");
    let polls = probe.polls();
    assert!(
        polls == 2,
        "One event, and {polls} polls. Two are needed: one that finds nothing, one after the wake."
    );
}

/// Your own `block_on` returns the value of a future that is already ready, whatever its type, at once.
#[test]
fn returns_what_the_future_returns() {
    let value = pick(0..=u64::MAX);
    let script = Script::new("ready", [Step::Ready(value)]);
    let probe = script.probe();
    stage("`block_on` has been called with a future that is ready at once");
    let future = async {
        let tokio = tokio::runtime::Handle::try_current().is_ok();
        (script.await, tokio)
    };
    let (found, tokio) = Blocked::start(future, |future| block_on(future)).returned();
    assert!(!tokio, "That is Tokio's runtime. Write this `block_on` yourself, with only `std`.");
    assert!(found == value, "The future's value was {value}, but `block_on` returned {found}.");
    let polls = probe.polls();
    assert!(polls == 1, "A future that is ready at once was polled {polls} times.");

    // Neither `Send` nor `'static` nor `Unpin`.
    let local = std::rc::Rc::new(value);
    let borrowed = &local;
    let found = block_on(async { **borrowed });
    assert!(found == value, "The future's value was {value}, but `block_on` returned {found}.");
}

/// A wake that comes while the future is being polled does not get lost.
#[test]
fn a_wake_during_the_poll_counts() {
    let script = Script::new("eager", [Step::Pend(Wake::Itself), Step::Pend(Wake::Itself), Step::Ready(())]);
    let probe = script.probe();
    stage("the future called its waker during the poll, before your thread could go to sleep");
    let blocked = Blocked::start(script, |future| block_on(future));
    blocked.until_polled(1);
    loop {
        match blocked.rest(Duration::from_millis(50)) {
            Rest::Polled { .. } => {}
            Rest::Over => break,
            Rest::InPoll => panic!(
                "The future called its waker during the poll, but `wake` does not return: it waits for something. Is \
                 that a lock that `block_on` holds while it polls, or room for a message?"
            ),
            _ if blocked.polls() > 1 => panic!(
                "The future called its waker during its first poll, which was answered, and again during poll number \
                 {}, which was not: the thread went to sleep. A future may be `Pending` any number of times, and each \
                 wake counts.",
                blocked.polls()
            ),
            _ => panic!(
                "The future called its waker during the poll, and was not polled again: the thread went to sleep after \
                 it. The wake was not remembered, or forgotten before the sleep; it has to be remembered until the \
                 next poll."
            ),
        }
    }
    blocked.returned();
    let polls = probe.polls();
    assert!(polls == 3, "The future woke itself twice, and was polled {polls} times. 3 polls are needed.");
}

/// A waker may be called thousands of times during one poll, and each call returns.
#[test]
fn many_wakes_during_one_poll() {
    const WAKES: usize = 70_000;
    stage(format!("the future calls its waker {WAKES} times during its first poll"));
    Blocked::woken_many_times(WAKES, |future| block_on(future));
}

/// A wake that comes from another thread while the future is being polled counts, too.
#[test]
fn a_wake_from_elsewhere_during_the_poll_counts() {
    stage("another thread called the waker while the future was being polled");
    let (blocked, answer) = Blocked::woken_from_elsewhere(|future| block_on(future));
    assert!(
        answer.is_some(),
        "Another thread called the waker during the first poll, before the thread in `block_on` went to sleep, but the \
         future was not polled again: that wake was forgotten. A wake has to be remembered until the next poll, \
         whichever thread it comes from."
    );
    blocked.returned();
}

/// A future may be `Pending` a hundred times: each wake ends one sleep and leads to one poll.
#[test]
fn each_wake_means_one_poll() {
    let signals: Vec<Signal> = (0..100).map(|_| Signal::new()).collect();
    let steps = signals.iter().cloned().map(|signal| Step::Pend(Wake::Later(signal)));
    let script = Script::new("train", steps.chain([Step::Ready(())]));
    let probe = script.probe();
    let blocked = Blocked::start(script, |future| block_on(future));
    blocked.until_polled(1);
    let mut slowest = Duration::ZERO;
    for (answered, signal) in signals.iter().enumerate() {
        let wake = answered + 1;
        if wake == 50 {
            // hermetic: time for short naps, each of which is a poll without a wake; a right answer sleeps through
            thread::sleep(Duration::from_millis(25));
        }
        // From here on it lies, or naps.
        let rest = if wake > 2 { Rest::Asleep } else { blocked.rest(Duration::ZERO) };
        assert!(
            !matches!(rest, Rest::Polled { .. } | Rest::Awake { .. }),
            "Nobody called the waker after poll number {wake}, but the thread in `block_on` stayed awake: it polled \
             again, or ran in a loop. After each poll that is `Pending` it has to go to sleep, and the next wake ends \
             that sleep."
        );
        stage(format!("the future was `Pending` again and again; now it was woken for wake number {wake}"));
        signal.fire();
        let answer = blocked.answers(wake + 1);
        slowest = slowest.max(answer.unwrap_or_default());
        // However late a right answer comes on a busy machine, it sleeps when nobody wakes it. Whoever got up by the clock
        // does so again.
        let is_woken =
            answer.is_some() && (wake != 2 || matches!(blocked.rest(2 * slowest), Rest::Asleep | Rest::Over));
        assert!(
            is_woken,
            "Wake number {wake} came, but it was not what woke the thread in `block_on`. The wake itself has to end \
             its sleep, whether it comes before the sleep or during it: waking up on a timer, to check for a wake, is \
             still spinning, only slower."
        );
        if blocked.is_over() && !probe.finished() {
            break;
        }
    }
    stage("the future has been woken 100 times, from another thread, and is ready");
    blocked.returned();
    let polls = probe.polls();
    assert!(
        polls == 101,
        "100 wakes took {polls} polls. One poll for each wake, after a first one, makes 101."
    );
}

/// Two threads may be in `block_on`: a wake is only for the one whose future it belongs to.
#[test]
fn each_call_has_a_waker_of_its_own() {
    let event = Signal::new();
    let script = Script::new("event", [Step::Pend(Wake::Later(event.clone())), Step::Ready(())]);
    let sleeper = Blocked::start(script, |future| block_on(future));
    sleeper.until_polled(1);
    let rest = sleeper.rest(Duration::from_millis(20));
    assert!(rest == Rest::Asleep, "Nobody called its waker, but the thread in `block_on` did not sleep.");

    stage(
        "a thread sleeps in `block_on`; a second one polls in another, and the waker of this second one was called",
    );
    let (second, answer) = Blocked::woken_in_its_poll(|future| block_on(future));
    assert!(
        sleeper.polls() == 1,
        "Two threads were in `block_on`. The waker of the second was called, but the first woke up and polled. Each \
         call needs its own way to end its sleep."
    );
    assert!(
        answer.is_some(),
        "Two threads were in `block_on`. The waker of the second was called during its poll, but it sleeps on. Each \
         call has to remember its own wakes."
    );
    second.returned();

    stage("the waker of the first was called; it has not come back yet");
    event.fire();
    assert!(
        sleeper.answers(2).is_some(),
        "Two threads were in `block_on`, and the second is back. Now the waker of the first was called, but it sleeps \
         on: each waker has to lead to the thread of its own call."
    );
    sleeper.returned();
}

/// A waker may be called after `block_on` has returned.
#[test]
fn a_late_wake_harms_nobody() {
    let event = Signal::new();
    let script = Script::new("event", [Step::Pend(Wake::Later(event.clone())), Step::Ready(())]);
    let probe = script.probe();
    let blocked = Blocked::start(script, |future| block_on(future));
    blocked.until_polled(1);
    let kept = probe.last_waker();
    event.fire();
    assert!(
        blocked.answers(2).is_some(),
        "The future was woken, but the thread in `block_on` sleeps on: the wake has to end its sleep."
    );
    blocked.returned();
    stage("`block_on` has returned; now somebody calls a waker that was kept from its first poll");
    if let Err(text) = panic_of(|| {
        for waker in kept {
            waker.wake_by_ref();
            waker.wake();
        }
    }) {
        panic!(
            "`block_on` had returned, somebody called a waker that they had kept, and `wake` panicked. The panic hits \
             the caller, who has done nothing wrong: a wake that comes too late should do nothing.\n{text}"
        );
    }
}

/// Nobody has called the waker: the thread has to sleep.
fn sleeps(blocked: &Blocked<u64>) {
    let mut rest = blocked.rest(WINDOW);
    if rest == Rest::Asleep {
        // A safety net of a second shows itself as well.
        rest = blocked.rest(WINDOW + WINDOW / 2);
    }
    match rest {
        Rest::Asleep | Rest::Over => {}
        Rest::Polled { .. } => panic!(
            "Polled {} times while nothing happened. A runtime parks until the waker is called: it sleeps, and \
             something else ends its sleep.",
            blocked.polls()
        ),
        Rest::Awake { cpu, turns } => panic!(
            "Your thread did not sleep while nothing happened: it used {} ms of CPU and lost or gave back its core \
             {turns} times. Checking a flag in a loop is spinning, too, even with `yield_now`: let the thread sleep, \
             and let the waker end its sleep.",
            cpu.as_millis()
        ),
        Rest::Naps { naps, within } => panic!(
            "Nothing happened for {} ms, but your thread woke up {naps} times. It has to go to sleep once, and sleep \
             until the waker is called: short sleeps to check a flag are spinning, too, only slower.",
            within.as_millis()
        ),
        Rest::InPoll => panic!("The future was polled, but the poll did not return."),
    }
}
