//! Hidden tests of `async_main`.

use std::hash::{BuildHasher, RandomState};
// hermetic: only a lower bound is checked, and a slow machine takes longer
use std::time::{Duration, Instant};

use testkit::{program, vt};

/// A service that the learner's file cannot know.
fn some_service() -> String {
    format!("service-{}", RandomState::new().hash_one(()) % 1_000_000)
}

/// What the program prints when it is asked about `service`; does not return when it never got to the end.
fn ask_about(service: &str) -> (Vec<String>, Duration) {
    let started = Instant::now();
    let output = program().arg(service).run();
    let took = started.elapsed();
    let lines: Vec<String> = output.stdout.lines().map(|line| line.trim_end().to_owned()).collect();
    let printed = lines.len();
    let stderr = output.stderr.trim();

    if stderr.contains("there is no reactor running") && printed > 0 {
        panic!(
            "Your executor has no timer (\"there is no reactor running\"). The macro builds executor **and** reactor.\n\
             `sleep` asks the reactor to wake it; polling alone never does.\n{stderr}"
        );
    }
    if stderr.contains("there is no reactor running") {
        panic!(
            "You used Tokio before there was a runtime (\"there is no reactor running\").\n\
             Somebody has to build one around `main`: executor and reactor.\n{stderr}"
        );
    }
    if stderr.contains("timers are disabled") {
        panic!(
            "Your runtime was built without a timer, so `sleep` has nobody to wake it.\n\
             The macro turns every driver on; a `Builder` does so only when asked.\n{stderr}"
        );
    }
    if printed == 0 && output.code == Some(0) {
        panic!(
            "`main` built a plan and threw it away: 0 of 2 lines.\n\
             A future runs only while something polls it, and the program ended before anything did."
        );
    }
    if printed == 1 && output.code == Some(0) {
        panic!(
            "1 of 2 lines: the program ended while the probe was still waiting.\n\
             Something has to keep polling until the future of `main` is done."
        );
    }
    if output.code != Some(0) {
        panic!(
            "The program ended with {}.\n{stderr}",
            match output.code {
                Some(code) => format!("exit code {code}"),
                None => "a signal".to_owned(),
            }
        );
    }
    (lines, took)
}

/// The program prints both lines, in order, for whatever service it is asked about.
#[test]
fn prints_both_lines_in_order() {
    let service = some_service();
    let (lines, mut shortest) = ask_about(&service);
    let expected = [format!("probing {service}"), format!("{service} is up")];
    assert!(
        lines == expected,
        "The program was asked about `{service}` and printed something else.\n   expected: {expected:?}\n   found: {lines:?}"
    );
    // A probe waits for 200 ms at the least, on any machine; a program that leaves it out needs that long only by accident,
    // and not three times in a row.
    for _ in 0..2 {
        if shortest < Duration::from_millis(200) {
            break;
        }
        shortest = shortest.min(ask_about(&service).1);
    }
    assert!(
        shortest >= Duration::from_millis(200),
        "The program printed both lines without waiting for the service: it was done after {} ms, and a probe takes 200 ms.\n\
         A plan that nobody carries out asks nobody anything.",
        shortest.as_millis()
    );
}

/// `probe` is still an async function that parks while it waits.
#[test]
fn probe_parks_while_it_waits() {
    let service = some_service();
    let (answer, waited): (String, Duration) = vt(exercise::probe(&service));
    assert!(
        waited >= Duration::from_millis(1),
        "Virtual time did not move: `probe` no longer parks on Tokio's timer.\n\
         The task is to give the timer a runtime, not to do without it."
    );
    assert!(
        answer == format!("{service} is up"),
        "`probe` was asked about `{service}` and answered {answer:?}."
    );
}
