//! Hidden tests of `timers_disabled`: what is seen from outside.

use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use testkit::{panic_of, pick, stage};
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::time::{Instant, sleep};

/// How long the sensor is left alone.
const PAUSE: Duration = Duration::from_millis(250);

/// Tokio's clock counts whole milliseconds, and rounds up.
const GRAIN: Duration = Duration::from_millis(2);

/// What the sensor saw.
#[derive(Default)]
struct Seen {
    attempts: Vec<Attempt>,
    /// The runtime of the first attempt.
    runtime: Option<Handle>,
    outside: bool,
    many_threads: bool,
    two_runtimes: bool,
    /// Whether the pauses took none of the runtime's time; then the sensor has answered early.
    stuck: bool,
    io_works: bool,
}

/// One attempt to read the sensor.
#[derive(Clone, Copy)]
struct Attempt {
    needs: Duration,
    /// By the runtime's clock.
    began: Option<Instant>,
    ended: Option<Instant>,
    dropped: Option<Instant>,
    /// How deep the stack was, and on which thread.
    place: (usize, thread::ThreadId),
    /// How often the runtime's thread had lain down before.
    rests: u64,
    // hermetic: chooses between messages of tests that fail either way
    really_began: std::time::Instant,
    // hermetic: as the one above
    really_ended: std::time::Instant,
}

impl Seen {
    /// Notes a new attempt, and stops the clock at the first one: from then on waits cost nothing, and can be measured to
    /// the millisecond. Whether its clock could be stopped.
    fn begin(&mut self, needs: Duration) -> bool {
        let here = Handle::try_current().ok();
        self.outside |= here.is_none();
        let rests = here.as_ref().map_or(0, |here| here.metrics().worker_park_count(0));
        let stopped = here.is_some_and(|here| {
            self.many_threads |= here.runtime_flavor() != RuntimeFlavor::CurrentThread;
            if let Some(first) = &self.runtime {
                self.two_runtimes |= first.id() != here.id();
            } else {
                self.io_works = panic_of(tokio::net::UnixStream::pair).is_ok();
                if !self.many_threads {
                    // A runtime that all calls share has been stopped before.
                    let _ = panic_of(tokio::time::pause);
                }
                self.runtime = Some(here);
            }
            !(self.many_threads || self.two_runtimes)
        });
        // hermetic: as declared
        let really = std::time::Instant::now();
        let here = (&raw const really).addr();
        self.attempts.push(Attempt {
            needs,
            began: stopped.then(Instant::now),
            ended: None,
            dropped: None,
            place: (here, thread::current().id()),
            rests,
            really_began: really,
            really_ended: really,
        });
        stopped
    }
}

/// An attempt that is under way; when it is dropped before its end, that is noted.
struct UnderWay(Arc<Mutex<Seen>>, usize);

impl Drop for UnderWay {
    fn drop(&mut self) {
        let now = Handle::try_current().ok().map(|_| Instant::now());
        let mut seen = self.0.lock().unwrap();
        let attempt = &mut seen.attempts[self.1];
        if attempt.ended.is_none() && !thread::panicking() {
            attempt.dropped = now;
        }
    }
}

/// Calls the learner's function with a sensor whose attempts take as long as `needs` says; the last one answers `value`.
/// What it saw, and what was returned when by the runtime's clock.
fn reading(needs: &[Duration], value: u32) -> (u32, Seen, Option<Instant>) {
    let seen: Arc<Mutex<Seen>> = Arc::default();
    let sensor = {
        let (seen, needs) = (seen.clone(), needs.to_vec());
        async move || {
            let (stopped, number, needs_now) = {
                let mut seen = seen.lock().unwrap();
                let number = seen.attempts.len();
                let needs_now = needs.get(number).copied().unwrap_or_default();
                (seen.begin(needs_now), number, needs_now)
            };
            let under_way = UnderWay(seen.clone(), number);
            match panic_of(|| sleep(needs_now)) {
                Ok(timer) if stopped && !needs_now.is_zero() => timer.await,
                _ => seen.lock().unwrap().attempts[number].needs = Duration::ZERO,
            }
            {
                let mut seen = seen.lock().unwrap();
                let attempt = &mut seen.attempts[number];
                attempt.ended = stopped.then(Instant::now);
                // hermetic: as declared
                attempt.really_ended = std::time::Instant::now();
                let (first, latest) = (seen.attempts[0], seen.attempts[number]);
                seen.stuck |= number >= 3 && number + 1 < needs.len() && first.began == latest.began;
                seen.stuck |= !stopped;
            }
            drop(under_way);
            // Whoever does not take the answer would ask for ever.
            let value = if number > needs.len() + 20 { 1 } else { value };
            (number + 1 >= needs.len() || seen.lock().unwrap().stuck).then_some(value)
        }
    };
    stage("the sensor answers at a later attempt; the pause between two attempts is under way");
    let outcome = panic_of(|| exercise::first_reading(sensor));
    let seen = std::mem::take(&mut *seen.lock().unwrap());
    let asked = seen.attempts.len();

    assert!(
        !seen.outside,
        "The sensor was read outside any Tokio runtime.\n\
         Your own executor has no reactor, and without a reactor `sleep` panics."
    );
    assert!(
        !seen.many_threads,
        "Asked for current_thread, got multi_thread.\n\
         The gauge has one core and little memory: it needs no worker threads."
    );
    assert!(!seen.two_runtimes, "Two attempts ran on two different runtimes. One is enough for all of them.");
    for (number, attempt) in (1..).zip(&seen.attempts) {
        if let (Some(began), Some(dropped)) = (attempt.began, attempt.dropped) {
            panic!(
                "Attempt {number} was dropped after {}, before it was done: it needs {}.\n\
                 An attempt takes as long as it takes; a sensor that is cut off each time never gets to answer.",
                human(dropped - began),
                human(attempt.needs)
            );
        }
    }
    if seen.stuck {
        check_pauses(&seen);
    }
    match outcome {
        Ok(Ok(reading)) => {
            let returned = seen.runtime.as_ref().map(|runtime| {
                let _inside = runtime.enter();
                Instant::now()
            });
            (reading, seen, returned)
        }
        Ok(Err(error)) => panic!(
            "`first_reading` gave up after {asked} attempts, with the error \"{error}\". The sensor answers at attempt \
             {}.\n\
             Ask it until it answers.",
            needs.len()
        ),
        Err(text) if text.contains("timers are disabled") && seen.io_works => panic!(
            "You enabled the other driver.\n\
             Sockets work now, but timers do not: you turn on each driver of a `Builder` separately.\n\
             Tokio's panic: {text}"
        ),
        Err(text) if text.contains("timers are disabled") => panic!(
            "`sleep` found no timer: the runtime was built without its time driver.\n\
             A `Builder` starts with every driver off.\nTokio's panic: {text}"
        ),
        Err(text) if asked < needs.len() && asked > 0 && !text.contains("okio") => panic!(
            "`first_reading` gave up after {asked} attempts: it panicked with \"{text}\". The sensor answers at \
             attempt {}.\n\
             Ask it until it answers.",
            needs.len()
        ),
        Err(text) => panic!("`first_reading` panicked: {text}"),
    }
}

/// A span as a person would say it.
fn human(span: Duration) -> String {
    const DAY: u64 = 24 * 60 * 60;
    match span.as_secs() {
        seconds if seconds / DAY == 1 => "1 day".to_owned(),
        seconds @ DAY.. => format!("{} days", seconds / DAY),
        seconds @ 60.. => format!("{seconds} s"),
        _ => format!("{} ms", span.as_millis()),
    }
}

fn some_value() -> u32 {
    u32::try_from(pick(1..=999_999)).expect("it was picked small enough")
}

/// Fails unless the sensor was asked as often as it took, and its answer returned.
fn check_reading(reading: u32, value: u32, seen: &Seen, answers_at: usize) {
    let asked = seen.attempts.len();
    assert!(
        asked >= answers_at,
        "`first_reading` returned {reading} after {asked} attempts, and the sensor had not answered: it does at \
         attempt {answers_at}.\n\
         Ask it until it answers."
    );
    assert!(
        asked == answers_at,
        "The sensor answers {value} at attempt {answers_at}, and was asked again: {asked} times in all."
    );
    assert!(reading == value, "The sensor answered {value}, `first_reading` returned {reading}.");
}

/// Fails unless the sensor was left alone for 250 ms after each attempt, and for no longer.
fn check_pauses(seen: &Seen) {
    let pauses: Vec<(usize, Attempt, Duration)> = (1..)
        .zip(seen.attempts.windows(2))
        .map(|(number, pair)| {
            let (Some(ended), Some(began)) = (pair[0].ended, pair[1].began) else {
                panic!("Attempt {number} did not finish, but the next one began.")
            };
            let alone = began - ended;
            // The wall only chooses the message: nothing that parks is ever here.
            let really = pair[1].really_began - pair[0].really_ended;
            if alone.is_zero() && really >= Duration::from_millis(200) {
                assert!(
                    pair[1].rests > pair[0].rests,
                    "The pause of 250 ms blocked the thread: the whole runtime stood still.\n\
                     While its only thread sleeps, the runtime can run nothing else. Park the future instead."
                );
                panic!(
                    "The pause of 250 ms did not use the runtime's timer: another thread slept instead.\n\
                     The gauge has one core and little memory. A timer needs no thread."
                );
            }
            (number, pair[0], alone)
        })
        .collect();
    // The shortest one after the longest attempt tells most.
    let shortest = pauses.iter().min_by_key(|(_, attempt, alone)| (*alone, std::cmp::Reverse(attempt.needs)));
    if let Some((number, attempt, alone)) = shortest
        && *alone < PAUSE
    {
        let from_the_start = !attempt.needs.is_zero() && *alone < PAUSE.saturating_sub(attempt.needs) + GRAIN;
        assert!(
            !from_the_start,
            "Attempt {number} took {}, and the next one came {} after its end. The sensor needs 250 ms.\n\
             The pause counts from the end of an attempt, not from its beginning.",
            human(attempt.needs),
            human(*alone)
        );
        panic!("After attempt {number} the sensor was left alone for {}. It needs 250 ms.", human(*alone));
    }
    for (number, _, alone) in pauses {
        assert!(
            alone < PAUSE + GRAIN,
            "After attempt {number} the sensor was left alone for {}: more than the 250 ms that it needs.",
            human(alone)
        );
    }
}

/// An answer at the first attempt is returned at once; a later answer is returned after that many attempts.
#[test]
fn the_first_answer_is_returned() {
    for (answers_at, value) in
        [(1, some_value()), (2, some_value()), (4, some_value()), (3, 0), (2, u32::MAX)]
    {
        let (reading, seen, _) = reading(&vec![Duration::ZERO; answers_at], value);
        check_reading(reading, value, &seen, answers_at);
    }
}

/// Between two attempts the future is parked for 250 ms.
#[test]
fn parked_for_250_ms_between_attempts() {
    let answers_at = usize::try_from(pick(4..=6)).expect("it was picked small enough");
    let value = some_value();
    let (reading, seen, _) = reading(&vec![Duration::ZERO; answers_at], value);
    check_reading(reading, value, &seen, answers_at);
    check_pauses(&seen);
}

/// An attempt may take milliseconds or days; the pause counts from its end.
#[test]
fn a_slow_attempt_is_waited_for() {
    let value = some_value();
    let day = 24 * 60 * 60 * 1000;
    // First those that an impatient answer cuts off, by that much.
    let needs = [0, 2, pick(40..=240), 250, pick(300..=900), pick(20..=40) * day, 1, pick(50..=90) * day]
        .map(Duration::from_millis);
    let (reading, seen, _) = reading(&needs, value);
    check_reading(reading, value, &seen, needs.len());
    check_pauses(&seen);
}

/// The sensor is asked until it answers, even if that takes thousands of attempts.
#[test]
fn thousands_of_attempts_are_made() {
    // At first so few that there is memory enough for all of them.
    let (_, seen, _) = reading(&[Duration::ZERO; 1000], some_value());
    check_depth(&seen);
    let answers_at = usize::try_from(pick(10_050..=10_300)).expect("it was picked small enough");
    let value = some_value();
    let (reading, seen, _) = reading(&vec![Duration::ZERO; answers_at], value);
    check_reading(reading, value, &seen, answers_at);
    check_pauses(&seen);
}

/// Fails if each attempt was made from within the one before it.
fn check_depth(seen: &Seen) {
    let numbers = [100, 400, 700, 1000];
    if seen.attempts.len() < numbers[3] {
        // The other checks tell.
        return;
    }
    let places = numbers.map(|number| seen.attempts[number - 1].place);
    let one_thread = places.iter().all(|place| place.1 == places[0].1);
    // By how much the stack has grown from one to the next.
    let deeper = places.windows(2).map(|pair| pair[0].0.saturating_sub(pair[1].0)).min().unwrap_or_default();
    assert!(
        !one_thread || deeper < 16 * 1024,
        "At attempt {} the stack was {} KB deeper than at attempt {}: each attempt was made from within the one before \
         it.\n\
         Thousands of attempts should need no more memory than one: a loop ends one before it makes the next.",
        numbers[3],
        (places[0].0 - places[3].0) / 1024,
        numbers[0]
    );
}

/// There is no pause before the first attempt, and none after the answer.
#[test]
fn no_pause_before_the_first_attempt_or_after_the_last() {
    for answers_at in [1, 3] {
        let run = || {
            // hermetic: a second sign, beside what the thread did; the quickest of several runs tells
            let called = std::time::Instant::now();
            let (_, seen, returned) = reading(&vec![Duration::ZERO; answers_at], some_value());
            let before = seen.attempts[0].really_began - called;
            (seen, returned, before)
        };
        let is_at_once = |seen: &Seen, before| seen.attempts[0].rests == 0 || before < PAUSE;
        let (mut seen, mut returned, mut before) = run();
        for _ in 0..4 {
            if is_at_once(&seen, before) {
                break;
            }
            (seen, returned, before) = run();
        }
        assert!(
            is_at_once(&seen, before),
            "The first attempt was made {} ms after the call, and the thread had been asleep until then.\n\
             Ask the sensor at once; a pause follows an attempt that brought nothing.",
            before.as_millis()
        );
        if let (Some(answered), Some(returned)) = (seen.attempts[answers_at - 1].ended, returned) {
            let late = returned.saturating_duration_since(answered);
            assert!(
                late < GRAIN,
                "The sensor answered at attempt {answers_at}, and `first_reading` returned that {} later.\n\
                 A pause follows an attempt that brought nothing.",
                human(late)
            );
        }
    }
}
