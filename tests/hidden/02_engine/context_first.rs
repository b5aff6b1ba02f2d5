//! Hidden tests of `context_first`: what is seen from outside.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use testkit::{DropLog, Log, panic_of, pick, stage};
use tokio::runtime::{Builder, Handle, Id, Runtime};
use tokio::time::{Instant, sleep};

/// The caller's runtime: one thread, and a clock that skips every wait.
fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().start_paused(true).build().expect("a runtime can be built")
}

fn now(rt: &Runtime) -> Instant {
    rt.block_on(async { Instant::now() })
}

/// What a call saw.
#[derive(Default)]
struct Seen {
    polls: usize,
    /// Whether it was polled with a waker that does nothing.
    noop: bool,
    /// Where it was polled for the first time.
    runtime: Option<Id>,
}

/// A call that waits once needs two polls. One that is polled so often while it waits returns at once, and the mistake is
/// told.
const CIRCLES: usize = 500;

/// More polls than this are no accident.
const FEW: usize = 10;

/// A call that takes `latency`, unless it finds itself on a runtime other than its caller's, or polled in circles: then it
/// returns at once.
async fn call<T>(latency: Duration, answer: T, home: Id, seen: Arc<Mutex<Seen>>) -> T {
    let mut waiting = pin!(async {
        let here = Handle::try_current().map(|handle| handle.id()).ok();
        seen.lock().unwrap().runtime = here;
        if here == Some(home) && !latency.is_zero() {
            sleep(latency).await;
        }
    });
    poll_fn(|cx| {
        let polls = {
            let mut seen = seen.lock().unwrap();
            seen.polls += 1;
            // Its data is always null, and that of no runtime's waker is.
            seen.noop |= cx.waker().data().is_null();
            seen.polls
        };
        if polls > CIRCLES { Poll::Ready(()) } else { waiting.as_mut().poll(cx) }
    })
    .await;
    answer
}

/// Calls the learner's `call_within` on `rt`: what it returned, and how long that took by the runtime's clock.
fn within<T>(rt: &Runtime, limit: Duration, latency: Duration, answer: T) -> (Option<T>, Duration) {
    let seen: Arc<Mutex<Seen>> = Arc::default();
    let home = rt.handle().id();
    let call = call(latency, answer, home, Arc::clone(&seen));
    let start = now(rt);
    stage("a call is under way on the caller's runtime");
    let outcome = panic_of(|| exercise::call_within(rt, limit, call));
    let seen = std::mem::take(&mut *seen.lock().unwrap());
    match outcome {
        Ok(outcome) => {
            assert!(
                seen.polls == 0 || seen.runtime == Some(home),
                "The call ran {}.\n\
                 The caller passed in a runtime; the connections that the call needs live on that one.",
                if seen.runtime.is_none() {
                    "outside any runtime"
                } else {
                    "on another runtime than the caller's"
                }
            );
            assert!(
                seen.polls <= FEW,
                "The call was polled {} times while it waited for a single event{}.\n\
                 A runtime polls a future when its waker has been called; until then its thread sleeps.",
                seen.polls,
                if seen.noop { ", with a waker that wakes nobody" } else { "" }
            );
            (outcome, now(rt) - start)
        }
        Err(text) if text.contains("no reactor running") && seen.polls == 0 => panic!(
            "A timer was made while no runtime was around it (\"there is no reactor running\"): the call had been polled 0 \
             times.\n\
             Arguments are evaluated first, and `timeout` makes its timer when it is called. You are inside a runtime in \
             what `block_on` polls, and for as long as a guard of `enter` lives.\nTokio's panic: {text}"
        ),
        Err(text) => panic!("`call_within` panicked. The limit was {}.\nThe panic: {text}", human(limit)),
    }
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A span as a person would say it.
fn human(span: Duration) -> String {
    match span {
        Duration::MAX => "`Duration::MAX`".to_owned(),
        days if days >= DAY => format!("{:.1} days", days.as_secs_f64() / DAY.as_secs_f64()),
        seconds if seconds >= Duration::from_secs(60) => format!("{} s", seconds.as_secs()),
        short => format!("{} ms", short.as_millis()),
    }
}

/// Tokio's clock counts whole milliseconds, and rounds up.
const GRAIN: Duration = Duration::from_millis(2);

/// A call that is quick enough returns its answer as soon as it has one.
#[test]
fn a_quick_call_returns_its_answer() {
    let ms = Duration::from_millis;
    let days = |days| DAY * u32::try_from(days).expect("picked small");
    for (latency, limit) in [
        (ms(40), ms(100)),
        (Duration::ZERO, ms(5)),
        (ms(2), days(pick(30..=40))),
        (days(pick(2..=20)), days(pick(30..=40))),
        (Duration::ZERO, Duration::MAX),
        (ms(pick(30..=60)), Duration::MAX),
        (days(pick(30..=300)), Duration::MAX),
    ] {
        let rate = pick(0..=u64::MAX);
        let (outcome, took) = within(&runtime(), limit, latency, rate);
        let (call, most) = (human(latency), human(limit));
        match outcome {
            None => {
                panic!("A call of {call} was given up after {}, though the limit is {most}.", human(took))
            }
            Some(found) => {
                assert!(found == rate, "The call returned {rate}, `call_within` returned {found}.")
            }
        }
        assert!(
            took < latency + GRAIN,
            "A call of {call} came back after {}; the limit is {most}. Do not wait any longer when the answer is \
             there.",
            human(took)
        );
        assert!(took >= latency, "A call of {call} came back after {}, before it was done.", human(took));
    }
}

/// A call that is too slow is dropped at the limit.
#[test]
fn a_slow_call_is_given_up_at_the_limit() {
    let ms = Duration::from_millis;
    for (limit, latency) in [
        (ms(pick(70..=700)), Duration::from_secs(3600)),
        (ms(pick(1..=3)), ms(50)),
        // No time at all is a limit, too.
        (Duration::ZERO, ms(pick(50..=90))),
        (ms(pick(1..=3)), DAY * 300),
        (DAY * u32::try_from(pick(5..=30)).expect("picked small"), DAY * 300),
    ] {
        let log = Log::new();
        let (outcome, took) = within(&runtime(), limit, latency, DropLog::new(&log, "call"));
        let (call, most) = (human(latency), human(limit));
        assert!(
            outcome.is_none() && took < latency,
            "A call of {call} ran to its end, though there is a limit: {most}.\n\
             {}",
            if limit.is_zero() {
                "A limit of zero is a limit as well: a call that has to wait is given up."
            } else {
                "The timer has to run while the call is polled, not after it."
            }
        );
        assert!(
            took >= limit,
            "The call was given up after {}, too early: the limit is {most}.",
            human(took)
        );
        assert!(
            took < limit + GRAIN,
            "The call was given up after {}, too late: the limit is {most}.",
            human(took)
        );
        assert!(
            log.len() == 1,
            "The call was given up, but it is still there: something keeps its future after `call_within` has returned."
        );
    }
}

/// If the call panics there is no result, and `call_within` does not make one up.
#[test]
fn no_outcome_is_made_up() {
    for latency in [0, 10].map(Duration::from_millis) {
        let rt = runtime();
        stage("a call panics on the caller's runtime");
        let outcome =
            panic_of(|| exercise::call_within(&rt, Duration::from_millis(100), broken_call(latency)));
        if let Ok(found) = outcome {
            panic!(
                "The call panicked after {}, and `call_within` returned `{found:?}`. The limit was 100 ms.\n\
                 `None` stands for a call that took longer than its limit. Let the panic through.",
                human(latency)
            );
        }
    }
}

async fn broken_call(latency: Duration) -> u32 {
    if !latency.is_zero() {
        sleep(latency).await;
    }
    // hermetic: the panic is what is tested
    panic!("the bank is on fire")
}

/// One runtime serves many calls.
#[test]
fn one_runtime_serves_many_calls() {
    const CALLS: u32 = 300;
    let rt = runtime();
    let start = now(&rt);
    for n in 1..=CALLS {
        let (answer, took) = within(&rt, Duration::from_millis(100), Duration::from_millis(10), n);
        assert!(
            answer.is_some(),
            "Call {n} of {CALLS} on one runtime takes 10 ms, the limit is 100 ms, and the call was given up after {}, by the \
             runtime's clock.\n\
             The limit counts from the beginning of this call. An instant that was taken outside the runtime does not \
             go by its clock.",
            human(took)
        );
        assert!(
            answer == Some(n),
            "Call {n} of {CALLS} on one runtime answers {n}, `call_within` returned {answer:?}."
        );
    }
    let took = now(&rt) - start;
    let all = Duration::from_millis(10) * CALLS;
    assert!(
        (all..all + GRAIN * CALLS).contains(&took),
        "{CALLS} calls of 10 ms each, one after the other, took {} ms.",
        took.as_millis()
    );
}
