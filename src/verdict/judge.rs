//! Evidence → verdict. Pure: the same evidence always gives the same verdict.

use std::time::Duration;

use super::{
    Attempt, CompileEnd, Compiled, Diagnostic, End, Evidence, Hang, HangKind, Kind, Level, PanicWords,
    Report, Run, Seconds, Status, TestResult, Verdict, explain, explain_panic, seconds,
};
use crate::workbook::{Exercise, HiddenTest, Refusal};

/// Judges what was seen of one submission.
///
/// The tests that must report are those of the exercise; evidence about any other is ignored. A test has passed only
/// if its own report says so *and* its process then ended as the harness ends it.
#[must_use]
pub fn judge(exercise: &Exercise, evidence: &Evidence) -> Verdict {
    let mut verdict = Verdict {
        exercise: exercise.name.clone(),
        chapter: exercise.chapter.clone(),
        kind: Kind::Broken,
        diagnostics: Vec::new(),
        tests: Vec::new(),
        broken: None,
        review: None,
        seconds: Seconds::default(),
    };
    let (submission, hidden, runs, attempts) = match evidence {
        Evidence::Broken(broken) => {
            verdict.broken = Some(broken.clone());
            verdict.tests = exercise.hidden.tests().iter().map(|test| not_run(&test.name)).collect();
            return verdict;
        }
        Evidence::Seen { submission, review, hidden, runs, attempts, testing, total } => {
            verdict.review.clone_from(review);
            let tried = attempts.iter().map(|attempt| &attempt.compiled);
            let compile: Duration =
                submission.iter().chain(hidden).chain(tried).map(|compiled| compiled.took).sum();
            verdict.seconds =
                Seconds { compile: seconds(compile), tests: seconds(*testing), total: seconds(*total) };
            (submission, hidden, runs, attempts)
        }
    };
    // What the compiler says to a text that it should refuse is told by the test, and that it was stopped, here.
    let stopped = attempts.iter().map(|attempt| &attempt.compiled).filter(|tried| is_stopped(&tried.end));
    let compiled: Vec<&Compiled> = submission.iter().chain(hidden).chain(stopped).collect();
    verdict.diagnostics = compiled.iter().flat_map(|compiled| diagnostics(compiled)).collect();
    super::diagnostic::sort(&mut verdict.diagnostics);
    for diagnostic in &mut verdict.diagnostics {
        diagnostic.coach = explain(diagnostic);
    }
    verdict.tests =
        exercise.hidden.tests().iter().map(|test| outcome(exercise, test, runs, attempts)).collect();
    let succeeded = !submission.is_empty()
        && hidden.is_some()
        && compiled.iter().all(|compiled| compiled.end == CompileEnd::Succeeded);
    verdict.kind = if succeeded { worst(&verdict.tests) } else { Kind::DoesNotCompile };
    verdict
}

/// What came of one hidden test.
fn outcome(exercise: &Exercise, test: &HiddenTest, runs: &[Run], attempts: &[Attempt]) -> TestResult {
    let run = || runs.iter().find(|run| run.test == test.name);
    let found = match (&test.refusal, &test.implementation) {
        (None, None) => run().map(|run| result(exercise, run)),
        (None, Some(implementation)) => {
            run().map(|run| trial::result(test, implementation, run, result(exercise, run)))
        }
        (Some(refusal), _) => {
            let mut tried = attempts.iter().filter(|tried| !is_stopped(&tried.compiled.end));
            tried.find(|tried| tried.test == test.name).map(|tried| refused(refusal, tried))
        }
    };
    found.unwrap_or_else(|| not_run(&test.name))
}

/// Whether the compiler came to no end of its own.
fn is_stopped(end: &CompileEnd) -> bool {
    matches!(end, CompileEnd::TimedOut(_) | CompileEnd::Crashed(_))
}

/// A text that must not compile: whether the compiler has refused it, and for the reason that its author gives.
fn refused(refusal: &Refusal, Attempt { test, compiled }: &Attempt) -> TestResult {
    let errors = || compiled.diagnostics.iter().filter(|said| said.level == Level::Error);
    let (status, message) = if compiled.end == CompileEnd::Succeeded {
        (Status::Failed, refusal.says.clone())
    } else if errors().any(|error| is_meant(refusal, error)) {
        (Status::Passed, String::new())
    } else {
        let said = errors()
            .next()
            .map_or_else(|| "nothing".to_owned(), |error| said(error.code.as_deref(), &error.message));
        let expected = said_of(refusal);
        let message = format!(
            "The compiler has to refuse a piece of code with your file. It does, but for a different reason.\n  it \
             says: {said}\n  expected: {expected}"
        );
        (Status::Failed, message)
    };
    TestResult { status, message, ..not_run(test) }
}

fn is_meant(refusal: &Refusal, error: &Diagnostic) -> bool {
    let code = error.code.as_deref().unwrap_or("-");
    refusal.codes.iter().any(|meant| meant == code)
        && refusal.message.as_ref().is_none_or(|part| error.message.contains(part))
}

fn said_of(refusal: &Refusal) -> String {
    let codes: Vec<&str> = refusal.codes.iter().map(String::as_str).filter(|code| *code != "-").collect();
    let message = refusal.message.as_deref().unwrap_or_default();
    said((!codes.is_empty()).then(|| codes.join(" or ")).as_deref(), message)
}

fn said(code: Option<&str>, message: &str) -> String {
    match code {
        Some(code) if message.is_empty() => format!("error[{code}]"),
        Some(code) => format!("error[{code}]: {message}"),
        None => format!("error: {message}"),
    }
}

/// A hang is named before a crash, and a crash before a failure: the first hides what the others would have said.
fn worst(tests: &[TestResult]) -> Kind {
    let any = |status| tests.iter().any(|test| test.status == status);
    if any(Status::Hung) {
        Kind::Hung
    } else if any(Status::Crashed) {
        Kind::Crashed
    } else if tests.is_empty() || tests.iter().any(|test| test.status != Status::Passed) {
        Kind::Failed
    } else {
        Kind::Passed
    }
}

fn diagnostics(compiled: &Compiled) -> Vec<Diagnostic> {
    let mut diagnostics = compiled.diagnostics.clone();
    let end = match &compiled.end {
        CompileEnd::Succeeded | CompileEnd::Failed => return diagnostics,
        CompileEnd::TimedOut(limit) => format!(
            "compiling took longer than {} s and was stopped: look for a macro, a type or a constant whose \
             evaluation never ends",
            limit.as_secs_f64()
        ),
        CompileEnd::Crashed(how) => format!("{how}; undo your last change and save again"),
    };
    let rendered = format!("error: {end}\n");
    diagnostics.push(Diagnostic {
        level: Level::Error,
        code: None,
        message: end,
        place: None,
        rendered,
        coach: None,
    });
    diagnostics
}

fn not_run(name: &str) -> TestResult {
    TestResult {
        name: name.to_owned(),
        status: Status::NotRun,
        message: String::new(),
        output: String::new(),
        seconds: 0.0,
        cpu_seconds: None,
        hang: None,
        timeline: None,
    }
}

fn result(exercise: &Exercise, run: &Run) -> TestResult {
    let mut result = TestResult {
        output: run.output.clone(),
        seconds: seconds(run.took),
        cpu_seconds: run.cpu.map(seconds),
        timeline: run.timeline.clone(),
        ..not_run(&run.test)
    };
    (result.status, result.message) = match (&run.report, &run.end) {
        (_, End::NotStarted) => {
            (Status::NotRun, "not started: the tests before it used up the time".to_owned())
        }
        (Some(Report::Passed), End::Exited(0)) => (Status::Passed, String::new()),
        (Some(Report::Failed { message, place }), _) => {
            (Status::Failed, coached(failure(message, place.as_deref()), &run.output))
        }
        (_, End::Waited(_)) => (Status::Failed, "waits in real time".to_owned()),
        (_, End::Hung(after, hang)) => {
            result.hang = Some(hang.clone());
            (Status::Hung, hung(exercise, *after, hang, run))
        }
        (_, End::Exited(code)) => (
            Status::Crashed,
            format!(
                "The program ended itself (exit code {code}) before the test was over. A test counts only when your \
                 code returns to it."
            ),
        ),
        (_, End::Signalled(signal)) => (Status::Crashed, signalled(*signal, run)),
    };
    result
}

/// The message with the coach's words about a panic of Tokio or the standard library. Where the message is nothing but
/// that panic, the first line is the coach's.
fn coached(message: String, output: &str) -> String {
    match explain_panic(&message, output) {
        Some(PanicWords::Reported(words)) => match words.split_once(". ") {
            Some((first, rest)) => format!("{first}.\n{message}\n{rest}"),
            None => format!("{words}\n{message}"),
        },
        Some(PanicWords::Printed(words)) => format!("{message}\n{words}"),
        None => message,
    }
}

fn failure(message: &str, place: Option<&str>) -> String {
    let message = if message.trim().is_empty() { "the test panicked without a message" } else { message };
    match place {
        Some(place) => format!("{message}\n(your code panicked at {place})"),
        None => message.to_owned(),
    }
}

fn hung(exercise: &Exercise, after: Duration, hang: &Hang, run: &Run) -> String {
    let after = (after.as_secs_f64() * 10.0).round() / 10.0;
    // What was seen of a blocking call stands in the place of what the exercise says: that is a guess about other hangs.
    let mut message = match hang.kind {
        _ if run.closing => CLOSING.to_owned(),
        HangKind::Parked if run.clock_held && !hang.printing => HELD.to_owned(),
        kind => {
            let own = match kind {
                HangKind::Parked => exercise.parked.as_deref(),
                HangKind::Spinning => exercise.spinning.as_deref(),
                HangKind::Unknown => exercise.parked.as_deref().or(exercise.spinning.as_deref()),
            };
            let held = run.clock_held.then_some(HELD_AS_WELL);
            let lines = [own, Some(general(hang)), held];
            lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
        }
    };
    let threads = threads(hang.threads);
    message.push_str(&format!(
        "\nStopped after {after} s, of which {threads} used the CPU for {} s.",
        hang.cpu_seconds
    ));
    if hang.proven {
        message.push_str(match hang.kind {
            HangKind::Parked => " None of them could wake another one, and no timer was set.",
            _ => " A right answer needs only a small part of that.",
        });
    }
    if let Some(stage) = &hang.stage {
        message.push_str(&format!("\nLast checkpoint reached: {stage}"));
    }
    message
}

const CLOSING: &str = "Hangs at its end: the test was done, but its runtime waits for a blocking call that does not \
                       return.\n\
                       A runtime that is dropped waits for every `spawn_blocking` closure that has begun, and \
                       nothing can stop such a closure from outside: it has to return by itself.";

const HELD: &str = "Hangs asleep: a blocking call has not returned, and while it runs, the test's clock stands \
                    still.\n\
                    That clock jumps to the next timer when nothing else can run, but a `spawn_blocking` closure \
                    that has begun can still run. So no sleep ends before it returns, and nothing can stop it from \
                    outside.";

const HELD_AS_WELL: &str =
    "A blocking call had not returned either, and while one runs, the test's clock stands still.";

fn general(hang: &Hang) -> &'static str {
    match hang.kind {
        _ if hang.printing => "Prints forever: when it was stopped, it was still writing.",
        HangKind::Parked => "Hangs asleep: when it was stopped, every thread was waiting.",
        HangKind::Spinning => "Hangs busy: when it was stopped, a thread was still burning the CPU.",
        HangKind::Unknown => "Hangs: it does not end.",
    }
}

fn threads(count: usize) -> String {
    match count {
        0 => "its threads".to_owned(),
        1 => "its one thread".to_owned(),
        count => format!("its {count} threads"),
    }
}

const STACK: &str = "The stack overflowed: a call, or a chain of futures polling each other, goes too deep.";

/// Numbers as on Linux, where they agree with the other Unix systems for all but SIGBUS.
fn signalled(signal: i32, run: &Run) -> String {
    let output = &run.output;
    if let Some(bytes) = refused_memory(output) {
        return out_of_memory(bytes, run.memory);
    }
    if output.contains("has overflowed its stack") {
        return "The stack overflowed: a call, or a chain of futures polling each other, goes too deep."
            .to_owned();
    }
    let how = match signal {
        4 => "an illegal instruction (signal 4)",
        6 => "an abort (signal 6): `abort()`, or a panic while another one was unwinding",
        9 => "signal 9: the system ran out of memory, or something killed it",
        // Safe code faults in one way only; behind walls the runtime cannot see the stack's end, and says nothing.
        7 | 11 => return format!("{STACK} (Signal {signal}.)"),
        24 => "the CPU limit (signal 24)",
        25 => "the file size limit (signal 25)",
        _ => return format!("Signal {signal} ended the test's process before the test was over."),
    };
    format!("The test's process was ended by {how}, before the test was over.")
}

/// The bytes that an allocation asked for in vain, from what the standard library prints before it aborts.
fn refused_memory(output: &str) -> Option<u64> {
    let (_, rest) = output.rsplit_once("memory allocation of ")?;
    rest.split_once(" bytes failed")?.0.parse().ok()
}

fn out_of_memory(bytes: u64, limit: Option<u64>) -> String {
    let limit = match limit {
        Some(limit) => format!("A test may use {} in total", size(limit)),
        None => "That is more than this machine had left".to_owned(),
    };
    format!(
        "Out of memory: your code asked for {} at once, and the system refused. {limit}. Look for a collection that \
         grows without end, or a capacity that is far too large.",
        size(bytes)
    )
}

/// A number of bytes for people, in the largest unit that leaves one before the point.
fn size(bytes: u64) -> String {
    let units = [("GiB", 30), ("MiB", 20), ("KiB", 10)];
    match units.into_iter().find(|(_, shift)| bytes >> shift > 0) {
        Some((unit, shift)) => {
            let tenths = (u128::from(bytes) * 10) >> shift;
            match tenths % 10 {
                0 => format!("{} {unit}", tenths / 10),
                tenth => format!("{}.{tenth} {unit}", tenths / 10),
            }
        }
        None => format!("{bytes} bytes"),
    }
}

mod trial;

#[cfg(test)]
mod tests;
