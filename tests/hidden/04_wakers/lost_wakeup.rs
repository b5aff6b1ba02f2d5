//! Hidden tests of `lost_wakeup`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
// hermetic: how long a sleeper is watched, a lower bound; the rest goes by what threads do
use std::time::Duration;

use exercise::block_on;
use testkit::{Blocked, Rest, Script, Signal, Step, Wake, panic_of, pick, stage};

/// How long nothing happens: time for a wrong answer to show itself. A right one sleeps, however long it is.
const WINDOW: Duration = Duration::from_millis(200);

/// A future that wakes itself during each poll is polled again, each time.
#[test]
fn a_wake_during_the_poll_counts() {
    const TURNS: usize = 1000;
    let value = pick(0..=u64::MAX);
    let steps = (0..TURNS).map(|_| Step::Pend(Wake::Itself)).chain([Step::Ready(value)]);
    stage("the future calls its waker during each poll");
    let blocked = Blocked::start(Script::new("eager", steps), |future| block_on(future));
    blocked.until_polled(1);
    let mut naps = 0;
    loop {
        let polls = blocked.polls();
        match blocked.rest(Duration::from_millis(50)) {
            Rest::Over => break,
            Rest::Polled { naps: before } => naps += usize::from(before > 0),
            Rest::InPoll => panic!(
                "The future called its waker during the poll, but `wake` did not return: it waits for something that \
                 it cannot get before the poll is over, such as a lock that is held across the poll."
            ),
            Rest::Asleep => panic!(
                "The future called its waker during poll number {polls}, and then the thread went to sleep and sleeps \
                 on: a wake was lost. It came when nobody was asleep yet, and has to be remembered until the thread \
                 checks."
            ),
            Rest::Awake { cpu, .. } => panic!(
                "The future called its waker during poll number {polls}, and was not polled again: since then your thread \
                 has used {} ms of CPU.",
                cpu.as_millis()
            ),
            Rest::Naps { naps, .. } => panic!(
                "The future called its waker during poll number {polls}, and was not polled again: your thread went to \
                 sleep and woke up {naps} times instead."
            ),
        }
        // With a right answer, it never lies down. It is only looked at now and then, so polls go by unseen.
        assert!(
            naps < 3,
            "The future called its waker during each poll, but {naps} times the thread went to sleep anyway, and woke \
             up later, on a timer. The timeout hides that a wake was lost."
        );
    }
    let polls = blocked.polls();
    let found = blocked.returned();
    assert!(found == value, "The future's value was {value}, but `block_on` returned {found}.");
    let needed = TURNS + 1;
    assert!(
        polls == needed,
        "The future woke itself {TURNS} times, and was polled {polls} times instead of {needed}."
    );
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

/// While nobody calls the waker, the future is not polled: neither before the first wake nor after it.
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
    let blocked = Blocked::start(
        async {
            let tokio = tokio::runtime::Handle::try_current().is_ok();
            script.await;
            tokio
        },
        |future| block_on(future),
    );
    // The future is woken from another thread, then by itself, and then not for a while.
    for (signal, polls) in signals.iter().zip([1, 3]) {
        if polls == 1 {
            blocked.until_polled(1);
        } else {
            assert!(
                blocked.answers(polls).is_some(),
                "The future called its waker during poll number 2, and was not polled again: that wake was lost."
            );
        }
        stage(format!("the future was polled {polls} times, and nobody calls its waker now"));
        let mut rest = blocked.rest(WINDOW);
        if rest == Rest::Asleep && polls == 1 {
            // A safety net of a second shows itself as well.
            rest = blocked.rest(7 * WINDOW);
        }
        match rest {
            Rest::Asleep | Rest::Over => {}
            Rest::Polled { naps: 0 } if polls == 1 => panic!(
                "Polled again with no wake: nobody had called the waker, and the thread did not go to sleep after the \
                 first poll. It has to sleep until the waker is called."
            ),
            Rest::Polled { naps: 0 } => panic!(
                "Polled again with no wake: two had come, both were answered, and the thread did not go to sleep after \
                 poll number 3. A wake has to be forgotten when the poll begins that answers it."
            ),
            Rest::Polled { .. } => panic!(
                "Polled again with no wake: the thread went to sleep after poll number {polls}, and woke up by itself. \
                 Only the waker may end its sleep; a timeout hides a wake that was lost."
            ),
            Rest::Awake { cpu, .. } => panic!(
                "Your thread did not go to sleep after poll number {polls}, while nobody called the waker: it has used \
                 {} ms of CPU since then. It has to sleep.",
                cpu.as_millis()
            ),
            Rest::Naps { naps, within } => panic!(
                "Nobody called the waker for {} ms, but the thread woke up {naps} times. Only the waker may end its \
                 sleep.",
                within.as_millis()
            ),
            Rest::InPoll => panic!("The future was polled, but the poll did not return."),
        }
        stage("the waker was called from another thread");
        signal.fire();
        assert!(
            blocked.answers(polls + 1).is_some(),
            "The thread was asleep, its waker was called from another thread, but it sleeps on."
        );
    }
    let polls = blocked.polls();
    let tokio = blocked.returned();
    assert!(!tokio, "That is Tokio's runtime. Write this `block_on` yourself, with only `std`.");
    assert!(polls == 4, "The future was woken 3 times and polled {polls} times instead of 4.");
}

/// A waker may be called thousands of times during one poll; the future still finishes when its event comes.
#[test]
fn many_wakes_during_one_poll() {
    const WAKES: usize = 70_000;
    let event = Signal::new();
    let script = Script::new("rare", [Step::Pend(Wake::Later(event.clone())), Step::Ready(())]);
    let mut inner = Box::pin(script);
    let done = Arc::new(AtomicUsize::new(0));
    let count = done.clone();
    stage(format!("the future calls its waker {WAKES} times during its first poll"));
    let blocked = Blocked::start(
        std::future::poll_fn(move |context| {
            if count.load(Ordering::SeqCst) == 0 {
                for _ in 0..WAKES / 2 {
                    context.waker().wake_by_ref();
                    count.fetch_add(1, Ordering::SeqCst);
                    context.waker().clone().wake();
                    count.fetch_add(1, Ordering::SeqCst);
                }
            }
            inner.as_mut().poll(context)
        }),
        |future| block_on(future),
    );
    blocked.until_polled(1);
    let mut naps = 0;
    loop {
        match blocked.rest(Duration::from_millis(20)) {
            Rest::InPoll => panic!(
                "The future called its waker {WAKES} times during one poll, and call number {} did not return: `wake` \
                 waits, perhaps for room in a channel. A wake must never block: one that is already remembered needs \
                 no second slot.",
                done.load(Ordering::SeqCst) + 1
            ),
            // A poll for each wake would be right as well.
            Rest::Polled { naps: before } => naps += usize::from(before > 0),
            Rest::Awake { .. } => {}
            Rest::Asleep | Rest::Naps { .. } | Rest::Over => break,
        }
        let polls = blocked.polls();
        assert!(
            polls <= WAKES + 1 && naps < 3,
            "The future called its waker {WAKES} times during its first poll, then nobody called it, but the future is \
             polled again and again: {polls} times so far. The thread has to sleep when each wake is answered."
        );
    }
    let (polls, calls) = (blocked.polls(), done.load(Ordering::SeqCst));
    if calls < WAKES {
        let text = blocked.value().err().unwrap_or_default();
        panic!(
            "The future called its waker {WAKES} times during one poll, and call number {} panicked. A wake may come \
             any number of times: one that is already remembered changes nothing.\n{text}",
            calls + 1
        );
    }
    assert!(
        polls > 1 || blocked.is_over(),
        "The future called its waker {WAKES} times during its first poll, and then the thread went to sleep: none was \
         remembered."
    );
    stage("the future woke itself many times, and then an event came, on another thread");
    event.fire();
    assert!(
        blocked.answers(polls + 1).is_some(),
        "The future woke itself many times, was polled again, and the thread went to sleep. Then an event came, the \
         waker was called from another thread, but the thread sleeps on."
    );
    blocked.returned();
}

/// Two threads may be in `block_on`: each remembers its own wakes.
#[test]
fn each_call_remembers_its_own_wakes() {
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
        "Two threads were in `block_on`. The waker of the second was called, but the first woke up and polled: it has \
         taken a wake that was not its own. Each call has to remember its own wakes."
    );
    assert!(
        answer.is_some(),
        "Two threads were in `block_on`. The waker of the second was called during its poll, but it sleeps on: the \
         wake was lost."
    );
    second.returned();

    stage("the second thread is back; now the waker of the first was called");
    event.fire();
    assert!(
        sleeper.answers(2).is_some(),
        "Two threads were in `block_on`, and the second is back. Now the waker of the first was called, but it sleeps \
         on."
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
        "The future was woken from another thread, but the thread in `block_on` sleeps on: a wake was lost."
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
