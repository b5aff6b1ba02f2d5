//! Hidden tests of `wake_the_right_thread`.

use std::thread;
// hermetic: how long a sleeper is watched, a lower bound; the rest goes by what threads do
use std::time::{Duration, Instant};

use exercise::block_on;
use testkit::{Blocked, Rest, Script, Signal, Step, Wake, panic_of, pick, stage};

/// How long nothing happens: time for a wrong answer to show itself. A right one sleeps, however long it is.
const WINDOW: Duration = Duration::from_millis(300);

/// A wake from another thread ends the sleep of the thread in `block_on`, and nothing else does.
#[test]
fn the_sleeper_is_woken() {
    let event = Signal::new();
    let value = pick(0..=u64::MAX);
    let script = Script::new("event", [Step::Pend(Wake::Later(event.clone())), Step::Ready(value)]);
    let probe = script.probe();
    let blocked = Blocked::start(
        async {
            let tokio = tokio::runtime::Handle::try_current().is_ok();
            (script.await, tokio)
        },
        |future| block_on(future),
    );
    blocked.until_polled(1);
    stage("the future was polled and is waiting for an event that has not come");
    let mut rest = blocked.rest(WINDOW);
    if rest == Rest::Asleep {
        // A safety net of a second shows itself as well.
        rest = blocked.rest(4 * WINDOW);
    }
    match rest {
        Rest::Asleep | Rest::Over => {}
        Rest::Polled { .. } => panic!(
            "Polled {} times while nothing happened. Waking up to poll again only hides that a wake goes to the wrong \
             thread, or gets lost: only the waker may end the sleep.",
            blocked.polls()
        ),
        Rest::Awake { cpu, .. } => panic!(
            "Your thread did not sleep while nothing happened: it used {} ms of CPU. Checking a flag in a loop only \
             hides that the wake goes to the wrong thread.",
            cpu.as_millis()
        ),
        Rest::Naps { naps, within } => panic!(
            "Nothing happened for {} ms, but your thread woke up {naps} times. Waking up to check only hides that the \
             wake goes to the wrong thread.",
            within.as_millis()
        ),
        Rest::InPoll => panic!("The future was polled, but the poll did not return."),
    }

    stage("the waker was called from another thread");
    // A token that was left with this thread by anybody else would look like the learner's.
    thread::park_timeout(Duration::ZERO);
    event.fire();
    if blocked.answers(2).is_none() {
        // Whoever unparks the caller of `wake` has left a token with this thread, and `park` returns at once.
        let start = Instant::now();
        thread::park_timeout(Duration::from_secs(2));
        assert!(
            start.elapsed() > Duration::from_secs(1),
            "You woke the thread that called `wake`, not the one that sleeps. `wake` runs wherever the event happens; \
             the waker has to know which thread to wake."
        );
        panic!(
            "The waker was called from another thread, but the thread in `block_on` sleeps on. Only this call can end \
             its sleep, so the waker has to know which thread that is."
        );
    }
    let (found, tokio) = blocked.returned();
    assert!(!tokio, "That is Tokio's runtime. Write this `block_on` yourself, with only `std`.");
    assert!(found == value, "The future's value was {value}, but `block_on` returned {found}.");
    let polls = probe.polls();
    assert!(
        polls == 2,
        "One event, and {polls} polls. Two are needed: one that finds nothing, one after the wake."
    );
}

/// A wake that comes while the thread is still awake counts, too.
#[test]
fn a_wake_before_the_sleep_counts() {
    let script = Script::new("eager", [Step::Pend(Wake::Itself), Step::Pend(Wake::Itself), Step::Ready(())]);
    let probe = script.probe();
    stage("the future called its waker during the poll, before the thread could go to sleep");
    let blocked = Blocked::start(script, |future| block_on(future));
    blocked.until_polled(1);
    loop {
        match blocked.rest(Duration::from_millis(50)) {
            Rest::Polled { .. } => {}
            Rest::Over => break,
            Rest::InPoll => panic!(
                "The waker was called during the poll, but `wake` does not return: it waits for something that it \
                 cannot get before the poll is over."
            ),
            _ if blocked.polls() > 1 => panic!(
                "The waker was called during the first poll, which was answered, and again during poll number {}, \
                 which was not: the thread went to sleep and sleeps on. A future may be `Pending` any number of times, \
                 and each wake counts.",
                blocked.polls()
            ),
            _ => panic!(
                "The waker was called during the poll, while the thread was still awake; then the thread went to sleep \
                 and sleeps on. A wake that comes before the sleep has to be remembered, or the sleep must not begin."
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

/// Two threads sleep in two `block_on`s, and each wake ends the sleep of its own thread.
#[test]
fn each_thread_has_its_own_waker() {
    let signals = [Signal::new(), Signal::new()];
    let [first, second] = signals.each_ref().map(|signal| {
        let script = Script::new("event", [Step::Pend(Wake::Later(signal.clone())), Step::Ready(())]);
        let sleeper = Blocked::start(script, |future| block_on(future));
        sleeper.until_polled(1);
        let rest = sleeper.rest(Duration::from_millis(20));
        assert!(rest == Rest::Asleep, "Nobody called its waker, but the thread in `block_on` did not sleep.");
        sleeper
    });

    stage(
        "two threads sleep in `block_on`; a third polls in another, and the waker of this third was called",
    );
    let (third, answer) = Blocked::woken_in_its_poll(|future| block_on(future));
    assert!(
        first.polls() == 1 && second.polls() == 1,
        "Two threads sleep in `block_on`, the waker of a third was called, but one of the two woke up. Each call of \
         `block_on` needs a waker that knows the thread of that call."
    );
    assert!(
        answer.is_some(),
        "Two threads sleep in `block_on`, the waker of a third was called during its poll, but it was not polled \
         again. Each call of `block_on` needs a waker that knows the thread of that call."
    );
    third.returned();

    // First the one that has slept longest: whoever knows the newest sleeper only does not reach it.
    for (sleeper, other, signal, name, neighbour) in [
        (&first, Some(&second), &signals[0], "first", "second"),
        (&second, None, &signals[1], "second", "first"),
    ] {
        stage(format!("two threads slept in `block_on`, and the waker of the {name} was called"));
        signal.fire();
        let answer = sleeper.answers(2);
        assert!(
            other.is_none_or(|other| other.polls() == 1),
            "Two threads sleep in `block_on`, the waker of the {name} was called, but the {neighbour} woke up. Each \
             call of `block_on` needs a waker that knows the thread of that call."
        );
        assert!(
            answer.is_some(),
            "Two threads slept in `block_on`, the waker of the {name} was called, but it sleeps on. Each call of \
             `block_on` needs a waker that knows the thread of that call."
        );
    }
    first.returned();
    second.returned();
}

/// A future may be `Pending` many times: each wake ends one sleep.
#[test]
fn each_wake_ends_a_sleep() {
    let signals: Vec<Signal> = (0..100).map(|_| Signal::new()).collect();
    let steps = signals.iter().cloned().map(|signal| Step::Pend(Wake::Later(signal)));
    let blocked = Blocked::start(Script::new("train", steps.chain([Step::Ready(())])), |f| block_on(f));
    blocked.until_polled(1);
    let mut slowest = Duration::ZERO;
    for (signal, wake) in signals.iter().zip(1..) {
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
    }
    blocked.returned();
}

/// If somebody unparks the thread for another reason, `block_on` keeps waiting.
#[test]
fn a_stray_unpark_ends_nothing() {
    let (event, later) = (Signal::new(), Signal::new());
    let value = pick(0..=u64::MAX);
    let steps =
        [Step::Pend(Wake::Later(event.clone())), Step::Pend(Wake::Later(later.clone())), Step::Ready(value)];
    let script = Script::new("event", steps);
    stage("somebody unparked the thread before it called `block_on`");
    let blocked = Blocked::start(script, |future| {
        thread::current().unpark();
        block_on(future)
    });
    blocked.until_polled(1);
    stage("somebody unparks the thread in `block_on`, and the waker has not been called");
    for _ in 0..2 {
        blocked.thread().unpark();
        // It has its turn meanwhile, and lies down again.
        let _ = blocked.rest(Duration::ZERO);
    }
    for (signal, name) in [(event, "first"), (later, "second")] {
        let polls = blocked.polls();
        stage(format!("somebody has unparked the thread; then the {name} event of the future has come"));
        signal.fire();
        assert!(
            blocked.answers(polls + 1).is_some(),
            "Somebody unparked the thread, for another reason. Then the {name} event came and the waker was called, \
             but the thread in `block_on` sleeps on."
        );
    }
    let found = blocked.returned();
    assert!(found == value, "The future's value was {value}, but `block_on` returned {found}.");
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
    if let Err(text) = panic_of(|| kept.into_iter().for_each(std::task::Waker::wake)) {
        panic!(
            "`block_on` had returned, somebody called a waker that they had kept, and `wake` panicked. The panic hits \
             the caller, who has done nothing wrong: a wake that comes too late should do nothing.\n{text}"
        );
    }
}
