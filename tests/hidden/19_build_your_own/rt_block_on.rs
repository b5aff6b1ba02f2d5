//! Hidden tests of `rt_block_on`.

use std::future::poll_fn;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
// hermetic: how long a sleeper is watched, a lower bound; the rest goes by what threads do
use std::time::Duration;

use exercise::block_on;
use testkit::{Blocked, Rest, Script, Signal, Step, Wake, panic_of, pick, stage};

/// How long nothing happens: time for a wrong answer to show itself. A right one sleeps, however long it is.
const WINDOW: Duration = Duration::from_millis(40);

/// While nothing happens, the thread sleeps. The wake ends its sleep, and the second poll is the last.
#[test]
fn parks_while_it_waits() {
    let event = Signal::new();
    let value = pick(0..=u64::MAX);
    let script = Script::new("event", [Step::Pend(Wake::Later(event.clone())), Step::Ready(value)]);
    let probe = script.probe();
    stage("`block_on` has been called; the future has not been polled yet");
    let blocked = Blocked::start(script, |future| block_on(future));
    blocked.until_polled(1);

    stage("the future was polled and is waiting for an event that has not come");
    sleeps(&blocked);

    stage("the event has come and the waker was called, from another thread");
    event.fire();
    assert!(
        blocked.answers(2).is_some(),
        "The event came and the waker was called, on another thread, but the thread in `block_on` sleeps on. The waker \
         has to end the sleep of that thread, not of the thread that calls `wake`."
    );
    let found = blocked.returned();
    assert!(found == value, "The future's value was {value}, but `block_on` returned {found}.");
    let polls = probe.polls();
    assert!(
        polls == 2,
        "One event, and {polls} polls. Two are needed: one that finds nothing, one after the wake."
    );
}

/// A future that is ready at once is polled once, and may borrow from the caller.
#[test]
fn returns_what_the_future_returns() {
    let value = pick(0..=u64::MAX);
    let script = Script::new("ready", [Step::Ready(value)]);
    let probe = script.probe();
    stage("`block_on` has been called with a future that is ready at once");
    let found = block_on(async {
        assert!(
            tokio::runtime::Handle::try_current().is_err(),
            "That is Tokio's runtime. Write this `block_on` yourself, with only `std`."
        );
        script.await
    });
    assert!(found == value, "The future's value was {value}, but `block_on` returned {found}.");
    let polls = probe.polls();
    assert!(polls == 1, "A future that is ready at once was polled {polls} times.");

    // Neither `Send` nor `'static` nor `Unpin`.
    let local = Rc::new(value);
    let borrowed = &local;
    let found = block_on(async { **borrowed });
    assert!(found == value, "The future's value was {value}, but `block_on` returned {found}.");
}

/// A wake that comes while the future is polled is remembered until the next poll.
#[test]
fn a_wake_during_the_poll_counts() {
    const TURNS: usize = 300;
    let steps = (0..TURNS).map(|_| Step::Pend(Wake::Itself)).chain([Step::Ready(())]);
    stage("the future calls its waker during each poll, before your thread can go to sleep");
    let blocked = Blocked::start(Script::new("eager", steps), |future| block_on(future));
    blocked.until_polled(1);
    let mut naps = 0;
    loop {
        let polls = blocked.polls();
        match blocked.rest(Duration::from_millis(20)) {
            Rest::Over => break,
            Rest::Polled { naps: before } => naps += usize::from(before > 0),
            Rest::InPoll => panic!(
                "The future called its waker during the poll, but `wake` does not return: it waits for something that \
                 `block_on` holds while it polls."
            ),
            _ => panic!(
                "The future called its waker during poll number {polls}, and was not polled again. The wake came when \
                 nobody was asleep yet, and has to be remembered until the next poll."
            ),
        }
        assert!(
            naps < 3,
            "The future called its waker during each poll, but {naps} times the thread went to sleep anyway, and woke \
             up later, on a timer. The timeout hides that a wake was lost."
        );
    }
    let polls = blocked.polls();
    blocked.returned();
    assert!(polls == TURNS + 1, "The future woke itself {TURNS} times, and was polled {polls} times.");

    stage("another thread called the waker while the future was being polled");
    let (blocked, answer) = Blocked::woken_from_elsewhere(|future| block_on(future));
    assert!(
        answer.is_some(),
        "Another thread called the waker during the first poll, before the thread in `block_on` went to sleep, but the \
         future was not polled again: that wake was forgotten."
    );
    blocked.returned();
}

/// A waker may be called thousands of times during one poll. Each call returns, and then the thread sleeps.
#[test]
fn many_wakes_are_one() {
    const WAKES: usize = 5_000;
    let event = Signal::new();
    let mut script = Box::pin(Script::new("rare", [Step::Pend(Wake::Later(event.clone())), Step::Ready(())]));
    let done = Arc::new(AtomicUsize::new(0));
    let count = done.clone();
    let future = poll_fn(move |context| {
        if count.load(Ordering::SeqCst) == 0 {
            for _ in 0..WAKES {
                context.waker().wake_by_ref();
                context.waker().clone().wake();
                count.fetch_add(1, Ordering::SeqCst);
            }
        }
        script.as_mut().poll(context)
    });
    stage(format!("the future calls its waker {} times during its first poll", 2 * WAKES));
    let blocked = Blocked::start(future, |future| block_on(future));
    blocked.until_polled(1);
    loop {
        match blocked.rest(Duration::ZERO) {
            Rest::InPoll => panic!(
                "The future called its waker many times during one poll, and after {} of these calls one did not return. \
                 A wake must never block: one that is already remembered needs no second place.",
                2 * done.load(Ordering::SeqCst)
            ),
            // A poll for each wake would be right as well.
            Rest::Polled { .. } => {}
            _ if done.load(Ordering::SeqCst) == WAKES => break,
            _ => assert!(
                !blocked.is_over(),
                "The future called its waker many times during one poll, and one of these calls panicked: {}",
                blocked.value().err().unwrap_or_default()
            ),
        }
    }
    let polls = blocked.polls();
    assert!(
        polls > 1,
        "The future called its waker {} times during its first poll, and then the thread went to sleep: none was \
         remembered.",
        2 * WAKES
    );
    sleeps(&blocked);
    let polls = blocked.polls();
    stage("the future woke itself many times, and then an event came, on another thread");
    event.fire();
    assert!(
        blocked.answers(polls + 1).is_some(),
        "The future woke itself many times during its first poll. Later an event came, on another thread, but the \
         thread in `block_on` sleeps on."
    );
    blocked.returned();
}

/// A future may be pending many times: each wake ends one sleep and leads to one poll.
#[test]
fn each_wake_means_one_poll() {
    const WAKES: usize = 20;
    let signals: Vec<Signal> = (0..WAKES).map(|_| Signal::new()).collect();
    let steps = signals.iter().cloned().map(|signal| Step::Pend(Wake::Later(signal)));
    let blocked = Blocked::start(Script::new("train", steps.chain([Step::Ready(())])), |f| block_on(f));
    blocked.until_polled(1);
    for (signal, wake) in signals.iter().zip(1..) {
        if wake <= 2 {
            sleeps(&blocked);
        }
        stage(format!("the future was pending {wake} times, and was woken for the last of them"));
        signal.fire();
        assert!(
            blocked.answers(wake + 1).is_some(),
            "Wake number {wake} came, but the thread in `block_on` sleeps on."
        );
        if blocked.is_over() {
            break;
        }
    }
    let polls = blocked.polls();
    blocked.returned();
    assert!(
        polls == WAKES + 1,
        "{WAKES} wakes took {polls} polls. One poll for each wake, after a first one, makes {}.",
        WAKES + 1
    );
}

/// If other code unparks the thread, `block_on` keeps waiting.
#[test]
fn a_stray_unpark_ends_nothing() {
    let event = Signal::new();
    let value = pick(0..=u64::MAX);
    let script = Script::new("event", [Step::Pend(Wake::Later(event.clone())), Step::Ready(value)]);
    stage("somebody unparked the thread before it called `block_on`");
    let blocked = Blocked::start(script, |future| {
        thread::current().unpark();
        block_on(future)
    });
    blocked.until_polled(1);
    stage("somebody unparks the thread in `block_on`, and the waker has not been called");
    for _ in 0..2 {
        blocked.thread().unpark();
        // It has its turn meanwhile, and goes back to sleep.
        let _ = blocked.rest(Duration::ZERO);
    }
    stage("somebody has unparked the thread; then the event of the future has come");
    let polls = blocked.polls();
    event.fire();
    assert!(
        blocked.answers(polls + 1).is_some(),
        "Somebody unparked the thread, for another reason. Then the event came and the waker was called, but the thread \
         in `block_on` sleeps on."
    );
    let found = blocked.returned();
    assert!(found == value, "The future's value was {value}, but `block_on` returned {found}.");
}

/// Two threads may be in `block_on`: a wake is only for the one whose future it belongs to.
#[test]
fn each_call_has_its_own_waker() {
    let event = Signal::new();
    let script = Script::new("event", [Step::Pend(Wake::Later(event.clone())), Step::Ready(())]);
    let sleeper = Blocked::start(script, |future| block_on(future));
    sleeper.until_polled(1);
    sleeps(&sleeper);

    stage("a thread sleeps in `block_on`; a second one polls in another, and its waker was called");
    let (second, answer) = Blocked::woken_in_its_poll(|future| block_on(future));
    assert!(
        sleeper.polls() == 1,
        "Two threads were in `block_on`. The waker of the second was called, but the first woke up and polled. Each \
         call needs its own token."
    );
    assert!(
        answer.is_some(),
        "Two threads were in `block_on`. The waker of the second was called during its poll, but it sleeps on. Each \
         call has to remember its own wakes."
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

/// A waker may be called after `block_on` has returned. The next call of `block_on` still works.
#[test]
fn a_late_wake_harms_nobody() {
    let (event, next) = (Signal::new(), Signal::new());
    let first = Script::new("first", [Step::Pend(Wake::Later(event.clone())), Step::Ready(())]);
    let probe = first.probe();
    let blocked = Blocked::start(first, |future| block_on(future));
    blocked.until_polled(1);
    let kept = probe.last_waker().expect("the script keeps its waker");
    event.fire();
    blocked.returned();
    stage("`block_on` has returned; now somebody calls a waker that was kept from its first poll");
    let late = kept.clone();
    if let Err(text) = panic_of(|| kept.wake()) {
        panic!(
            "`block_on` had returned, somebody called a waker that they had kept, and `wake` panicked. A wake that comes \
             too late should do nothing.\n{text}"
        );
    }

    stage("a second `block_on` waits, and somebody calls the waker of a first one that has returned");
    let second = Script::new("second", [Step::Pend(Wake::Later(next.clone())), Step::Ready(())]);
    let blocked = Blocked::start(second, |future| block_on(future));
    blocked.until_polled(1);
    late.wake();
    sleeps(&blocked);
    next.fire();
    assert!(
        blocked.answers(2).is_some(),
        "The second future was woken, but the thread in its `block_on` sleeps on."
    );
    blocked.returned();
}

/// `block_on` inside of `block_on` panics, and the text names it. The outer call goes on.
#[test]
fn a_nested_call_panics() {
    let value = pick(0..=u64::MAX);
    let inner = Script::new("inner", [Step::Ready(value)]);
    let probe = inner.probe();
    stage("a future calls `block_on` during its poll, on the thread that polls it");
    let blocked = Blocked::start(
        async move {
            let texts = [panic_of(|| block_on(inner)).err(), panic_of(|| block_on(async { 1 })).err()];
            tokio::task::yield_now().await;
            (texts, value)
        },
        |future| block_on(future),
    );
    blocked.until_polled(1);
    if blocked.rest(Duration::ZERO) == Rest::InPoll {
        panic!(
            "A future called `block_on` during its poll, and the thread sleeps forever: the inner call waits for \
             something that the outer one holds. Detect the nested call, and panic with a text that says so."
        );
    }
    let (texts, found) = blocked.returned();
    let polls = probe.polls();
    assert!(
        polls == 0 && texts[0].is_some(),
        "A future called `block_on` during its poll, and the inner future was polled. The inner call holds the thread \
         that the outer future needs: when the inner future waits for the outer one, both wait forever. Detect the \
         nested call, and panic."
    );
    assert!(
        texts[1].is_some(),
        "Inside of one `block_on`, the first nested call panicked, and the second was let in. The panic of a nested \
         call must not take away the mark of the outer one, which is still there."
    );
    for text in texts.into_iter().flatten() {
        assert!(
            text.contains("block_on"),
            "`block_on` inside of `block_on` panicked with this text: {text:?}\nThe text has to say what \
             went wrong, so it should name `block_on`."
        );
    }
    assert!(
        found == value,
        "A nested call panicked, and then the outer `block_on` returned {found}, not {value}."
    );
}

/// Another thread may call `block_on` while this one is inside of it.
#[test]
fn only_the_same_thread_counts_as_nested() {
    let value = pick(0..=u64::MAX);
    stage("a future waits, in its poll, for another thread that calls `block_on`");
    let found = block_on(async {
        let other = thread::spawn(move || panic_of(|| block_on(async { value })));
        other.join().expect("it gives its panic as a value")
    });
    match found {
        Ok(found) => {
            assert!(found == value, "The future's value was {value}, but `block_on` returned {found}.")
        }
        Err(text) => panic!(
            "One thread was inside of `block_on`, and a call on a second thread panicked. Each thread can drive a future \
             of its own: only a call on the same thread is nested.\n{text}"
        ),
    }
}

/// A panic of the future comes out of `block_on`, and the thread can call `block_on` again.
#[test]
fn a_panic_leaves_no_trace() {
    let (word, value) = (format!("burnt {}", pick(0..=u64::MAX)), pick(0..=u64::MAX));
    let was_dropped = Arc::new(AtomicBool::new(false));
    stage("the future panics during its poll");
    let text = panic_of(|| {
        block_on(bursts(&word, Note(was_dropped.clone())));
    });
    assert!(
        text == Err(word.clone()),
        "The future panicked with {word:?}, and the caller of `block_on` got {text:?}."
    );
    assert!(was_dropped.load(Ordering::SeqCst), "The future panicked, and `block_on` did not drop it.");
    stage("a first `block_on` ended with a panic; the same thread calls `block_on` again");
    match panic_of(|| block_on(async { value })) {
        Ok(found) => {
            assert!(found == value, "The future's value was {value}, but `block_on` returned {found}.")
        }
        Err(text) => panic!(
            "A future panicked, and the thread left `block_on`. The next `block_on` on this thread panicked, too: the \
             mark that says \"inside\" is still there. Only a `Drop` takes it away whichever way the call ends.\n{text}"
        ),
    }
}

/// Waits, and panics with this text.
async fn bursts(word: &str, _note: Note) {
    tokio::task::yield_now().await;
    // hermetic: the panic is what is tested
    panic!("{word}");
}

/// Notes when it is dropped.
struct Note(Arc<AtomicBool>);

impl Drop for Note {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Refuses a thread that does not sleep, although nobody wakes it.
fn sleeps<T: Send + 'static>(blocked: &Blocked<T>) {
    match blocked.rest(WINDOW) {
        Rest::Asleep | Rest::Over => {}
        Rest::Polled { naps } => panic!(
            "Nobody called the waker, but the future was polled again{}. Between two polls, the thread has to sleep \
             until the waker is called.",
            if naps > 0 { ", after a short sleep" } else { "" }
        ),
        Rest::Awake { cpu, .. } => panic!(
            "Nobody called the waker, but the thread in `block_on` did not go to sleep: it has used {} ms of CPU since \
             the poll.",
            cpu.as_millis()
        ),
        Rest::Naps { naps, within } => panic!(
            "Nobody called the waker for {} ms, but the thread in `block_on` woke up {naps} times. Only the waker may \
             end its sleep.",
            within.as_millis()
        ),
        Rest::InPoll => panic!("The future was polled, but the poll did not return."),
    }
}
