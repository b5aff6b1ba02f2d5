//! Hidden tests of `async_main`.

// hermetic: only a lower bound is checked, and a slow machine takes longer
use std::time::{Duration, Instant};

use testkit::{Probe, pick, program, vt};

/// A service that the learner's file cannot know.
fn some_service() -> String {
    format!("service-{}", pick(1..=999_999))
}

/// What the program prints when it is asked about `service`; does not return when it never got to the end.
fn ask_about(service: &str) -> (Vec<String>, Duration) {
    let started = Instant::now();
    let output = program().arg(service).run();
    let took = started.elapsed();
    let lines: Vec<String> = output.stdout.lines().map(|line| line.trim_end().to_owned()).collect();
    let printed = lines.len();
    let stderr = output.stderr.trim();

    if stderr.contains("there is no reactor running") {
        panic!(
            "{printed} of 2 lines, then the program needed a Tokio runtime, but was outside of one (\"there is no \
             reactor running\").\n\
             `tokio::spawn` and `sleep` need executor **and** reactor around them. Polling a future alone brings no \
             timer.\n\
             {stderr}"
        );
    }
    if stderr.contains("timers are disabled") {
        panic!(
            "{printed} of 2 lines, then `sleep` panicked (\"timers are disabled\"): the runtime was built without its time driver.\n\
             The macro turns every driver on; a `Builder` does so only when asked.\n{stderr}"
        );
    }
    if output.code != Some(0) {
        panic!(
            "The program ended with {} after {printed} of 2 lines.\n{stderr}",
            match output.code {
                Some(code) => format!("exit code {code}"),
                None => "a signal".to_owned(),
            }
        );
    }
    assert!(
        !stderr.contains(service),
        "The program wrote {stderr:?} to its error output; {printed} of 2 lines were on the output that the script reads."
    );
    assert!(
        printed > 0,
        "0 of 2 lines: the program printed nothing and ended, without an error.\n\
         A future runs only while something polls it, and the program goes on until it is done only if something waits \
         for it."
    );
    (lines, took)
}

/// Fails unless these are the two lines about `service`, and tells in which way they are not.
fn check_lines(lines: &[String], service: &str) {
    let expected = [format!("probing {service}"), format!("{service} is up")];
    if lines == expected {
        return;
    }
    if let [line] = lines {
        assert!(
            *line != expected[0],
            "1 of 2 lines: the program printed `{line}` and ended without the answer of the probe.\n\
             Something has to keep polling until the future of `main` is done."
        );
        assert!(*line != expected[1], "1 of 2 lines: `{line}` is there, `{}` is missing.", expected[0]);
    }
    assert!(
        lines.len() <= 2,
        "The script reads 2 lines, and the program printed {}.\n   expected: {expected:?}\n   found: {lines:?}",
        lines.len()
    );
    assert!(
        !(lines.len() == 2 && lines[0] == expected[1] && lines[1] == expected[0]),
        "The two lines came in the wrong order: first `{}`, then `{}`.",
        lines[0],
        lines[1]
    );
    for (number, expected) in (1..).zip(&expected) {
        let Some(found) = lines.get(number - 1) else { continue };
        assert!(
            *found != format!("{expected:?}"),
            "Line {number} comes with quotes around it: {found}. The script expects it without: {expected}"
        );
        assert!(
            found == expected,
            "The program was asked about `{service}`, but line {number} is wrong.\n   expected: {expected}\n   \
             found: {found}"
        );
    }
    panic!("1 of 2 lines: `{}`.", lines.join(""));
}

/// The program prints both lines in order, whichever service it is asked about.
#[test]
fn prints_both_lines_in_order() {
    let service = some_service();
    let (lines, mut shortest) = ask_about(&service);
    check_lines(&lines, &service);
    // A probe waits for 200 ms at the least, on any machine; a program that leaves it out needs that long only by accident,
    // and not three times in a row.
    for _ in 0..2 {
        if shortest < Duration::from_millis(200) {
            break;
        }
        let service = some_service();
        let (lines, took) = ask_about(&service);
        check_lines(&lines, &service);
        shortest = shortest.min(took);
    }
    assert!(
        shortest >= Duration::from_millis(200),
        "The program printed both lines without waiting for the service: it was done after {} ms, and a probe takes \
         200 ms.\n\
         A future that nobody polls does not ask the service anything.",
        shortest.as_millis()
    );
}

/// `probe` is still an async function that parks while it waits.
#[test]
fn probe_parks_while_it_waits() {
    for _ in 0..2 {
        let service = some_service();
        let (probing, probe) = Probe::new(exercise::probe(&service));
        let (answer, waited): (String, Duration) = vt(probing);
        assert!(
            probe.polls() > 1 && !waited.is_zero(),
            "`probe` gave its answer without ever being parked: it blocked the thread while it waited, or it did not \
             wait.\n\
             `probe` was fine as it was. Give its timer a runtime instead of removing the timer."
        );
        assert!(
            probe.polls() == 2,
            "`probe` waits for one timer, and it was polled {} times. Two polls are needed: one that finds nothing, and \
             one after the timer's wake.\n\
             `probe` was fine as it was.",
            probe.polls()
        );
        assert!(
            answer == format!("{service} is up"),
            "`probe` was asked about `{service}` and answered {answer:?}."
        );
    }
}
