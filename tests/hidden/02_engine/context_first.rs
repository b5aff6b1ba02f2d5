//! Hidden tests of `context_first`.

use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex};
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

/// A call that takes `latency`, unless it finds itself on a runtime other than its caller's: then it returns at once,
/// and the mistake is noted.
async fn call<T>(latency: Duration, answer: T, expected: Id, found: Arc<Mutex<Vec<Option<Id>>>>) -> T {
    let here = Handle::try_current().map(|handle| handle.id()).ok();
    found.lock().unwrap().push(here);
    if here == Some(expected) {
        sleep(latency).await;
    }
    answer
}

/// Calls the learner's `call_within` on `rt`: what it returned, and how long that took by the runtime's clock.
fn within<T>(rt: &Runtime, limit: Duration, latency: Duration, answer: T) -> (Option<T>, Duration) {
    let found = Arc::default();
    let home = rt.handle().id();
    let call = call(latency, answer, home, Arc::clone(&found));
    let start = now(rt);
    stage("a call is under way on the caller's runtime");
    let outcome = panic_of(|| exercise::call_within(rt, limit, call));
    match outcome {
        Ok(outcome) => {
            for id in found.lock().unwrap().iter() {
                assert!(
                    *id == Some(home),
                    "The call ran {}.\n\
                     The caller handed over a runtime; the connections that the call needs live on that one.",
                    if id.is_none() { "outside any runtime" } else { "on another runtime than the caller's" }
                );
            }
            (outcome, now(rt) - start)
        }
        Err(text) if text.contains("no reactor running") => panic!(
            "The timer was created outside the runtime (\"there is no reactor running\").\n\
             Arguments are evaluated first: `timeout` ran before `block_on` had entered the runtime. If you wrote \
             `let _ = rt.enter()`: `let _ =` drops the guard at once; you left the context before creating the timer.\nTokio's panic: {text}"
        ),
        Err(text) => panic!("`call_within` panicked.\n{text}"),
    }
}

/// A call that is quick enough returns its answer, as soon as it has one.
#[test]
fn a_quick_call_returns_its_answer() {
    let rate = RandomState::new().hash_one(());
    let (outcome, took) = within(&runtime(), Duration::from_millis(100), Duration::from_millis(40), rate);
    match outcome {
        None => panic!("A call of 40 ms was given up, though the limit is 100 ms."),
        Some(found) => assert!(found == rate, "The call returned {rate}, `call_within` returned {found}."),
    }
    assert!(
        took < Duration::from_millis(42),
        "A call of 40 ms came back after {} ms. Waiting for the limit is not needed once the answer is there.",
        took.as_millis()
    );
    assert!(took >= Duration::from_millis(40), "A call of 40 ms came back after {} ms.", took.as_millis());
}

/// A call that is too slow is given up at the limit, and dropped.
#[test]
fn a_slow_call_is_given_up_at_the_limit() {
    let hour = Duration::from_secs(3600);
    let log = Log::new();
    let limit = Duration::from_millis(pick(70..=700));
    let (outcome, took) = within(&runtime(), limit, hour, DropLog::new(&log, "call"));
    assert!(
        outcome.is_none() && took < hour,
        "A call of an hour was carried out to its end, though there is a limit: {} ms.\n\
         The timer has to run while the call is polled, not after it.",
        limit.as_millis()
    );
    assert!(
        (limit..limit + Duration::from_millis(2)).contains(&took),
        "The call was given up after {} ms, the limit is {} ms.",
        took.as_millis(),
        limit.as_millis()
    );
    assert!(
        log.len() == 1,
        "The call was given up, but it is still there: something keeps its future after `call_within` has returned."
    );
}

/// One runtime serves many calls.
#[test]
fn one_runtime_serves_many_calls() {
    let rt = runtime();
    let start = now(&rt);
    for n in 1..=3 {
        let (answer, _) = within(&rt, Duration::from_millis(100), Duration::from_millis(10), n);
        assert!(
            answer == Some(n),
            "Call {n} of 3 on one runtime answers {n}, `call_within` returned {answer:?}."
        );
    }
    let took = now(&rt) - start;
    assert!(
        (Duration::from_millis(30)..Duration::from_millis(36)).contains(&took),
        "Three calls of 10 ms each took {} ms.",
        took.as_millis()
    );
}
