//! Hidden tests of `timers_disabled`.

use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use testkit::{panic_of, pick, stage};
use tokio::runtime::{Handle, Id, RuntimeFlavor};
use tokio::time::Instant;

/// One attempt to read the sensor.
#[derive(Clone, Copy)]
struct Attempt {
    runtime: Option<Id>,
    one_thread: bool,
    io_works: bool,
    /// By the runtime's clock, if that could be stopped.
    at: Option<Instant>,
    /// By the clock on the wall.
    // hermetic: chooses the message, and makes a lower bound lower
    really_at: std::time::Instant,
}

/// Calls the learner's function with a sensor that answers `value` at attempt number `answers_at`. Time stands still
/// from the first attempt on, so waits cost nothing and can be measured to the millisecond.
fn reading_after(answers_at: usize, value: u32) -> (u32, Vec<Attempt>) {
    let attempts: Arc<Mutex<Vec<Attempt>>> = Arc::default();
    let sensor = {
        let attempts = attempts.clone();
        async move || {
            let handle = Handle::try_current().ok();
            let one_thread =
                handle.as_ref().is_some_and(|handle| handle.runtime_flavor() == RuntimeFlavor::CurrentThread);
            let runtime = handle.map(|handle| handle.id());
            let mut seen = attempts.lock().unwrap();
            let known = seen.iter().any(|attempt| attempt.runtime == runtime);
            let frozen = one_thread && (known || panic_of(tokio::time::pause).is_ok());
            seen.push(Attempt {
                runtime,
                one_thread,
                io_works: runtime.is_some() && panic_of(tokio::net::UnixStream::pair).is_ok(),
                at: frozen.then(Instant::now),
                // hermetic: as declared
                really_at: std::time::Instant::now(),
            });
            (seen.len() >= answers_at).then_some(value)
        }
    };
    stage("the sensor answers at a later attempt; the wait between attempts is under way");
    let outcome = panic_of(|| exercise::first_reading(sensor));
    let attempts = attempts.lock().unwrap().clone();

    for attempt in &attempts {
        assert!(
            attempt.runtime.is_some(),
            "The sensor was read outside any Tokio runtime.\n\
             An executor of your own has no reactor, so there is nobody to wake `sleep`."
        );
        assert!(
            attempt.one_thread,
            "Asked for current_thread, got multi_thread.\n\
             The gauge has one core: a thread for each core, and the memory for them, is what it does not have."
        );
    }
    match outcome {
        Ok(Ok(reading)) => (reading, attempts),
        Ok(Err(error)) => panic!("`first_reading` returned an error instead of a reading: {error}"),
        Err(text)
            if text.contains("timers are disabled") && attempts.iter().any(|attempt| attempt.io_works) =>
        {
            panic!(
                "You enabled the other driver.\n\
             Sockets work now, timers do not: each driver of a `Builder` is switched on for itself.\nTokio's panic: {text}"
            )
        }
        Err(text) if text.contains("timers are disabled") => panic!(
            "`sleep` found no timer: the runtime was built without its time driver.\n\
             A `Builder` starts with every driver off.\nTokio's panic: {text}"
        ),
        Err(text) => panic!("`first_reading` panicked instead of returning the reading.\n{text}"),
    }
}

fn some_value() -> u32 {
    (RandomState::new().hash_one(()) % 1_000_000) as u32
}

/// An answer at the first attempt is returned at once; a later one after that many attempts.
#[test]
fn the_first_answer_is_returned() {
    for answers_at in [1, 2, 4] {
        let value = some_value();
        let (reading, attempts) = reading_after(answers_at, value);
        assert!(
            attempts.len() == answers_at,
            "The sensor answers at attempt {answers_at}, and was asked {} times.",
            attempts.len()
        );
        assert!(reading == value, "The sensor answered {value}, `first_reading` returned {reading}.");
    }
}

/// Between two attempts the future is parked for 250 ms.
#[test]
fn parked_for_250_ms_between_attempts() {
    // The clock is stopped during the first attempt. An interval counts from a moment before that, so its first waits are
    // short by what the machine needed until then. The later ones are exact.
    let answers_at = usize::try_from(pick(8..=16)).expect("it was picked small enough");
    // hermetic: makes a lower bound lower on a slow machine
    let called = std::time::Instant::now();
    let (_, attempts) = reading_after(answers_at, some_value());
    let needed = attempts[0].really_at - called;
    let mut early = Duration::ZERO;
    for (wait, pair) in attempts.windows(2).enumerate() {
        assert!(
            pair[0].runtime == pair[1].runtime,
            "Two attempts ran on two different runtimes. One is enough for all of them."
        );
        let (Some(before), Some(after)) = (pair[0].at, pair[1].at) else {
            panic!("The clock of your runtime could not be stopped, so the wait could not be measured.")
        };
        let waited = after - before;
        early += if wait < 5 { waited } else { Duration::ZERO };
        // The wall only chooses the message: nothing that parks is ever here.
        let blocked = waited.is_zero() && pair[1].really_at - pair[0].really_at >= Duration::from_millis(200);
        assert!(
            !blocked,
            "Virtual time did not move: you blocked the engine instead of parking the future.\n\
             While its only thread sleeps, the runtime can run nothing else."
        );
        assert!(
            wait < 5 || (Duration::from_millis(250)..Duration::from_millis(252)).contains(&waited),
            "The sensor was left alone for {} ms between two attempts, it needs 250 ms.",
            waited.as_millis()
        );
    }
    assert!(
        early + needed >= Duration::from_millis(5 * 250),
        "The sensor was left alone for {} ms in all between the first six attempts, it needs 250 ms each time.",
        early.as_millis()
    );
}
