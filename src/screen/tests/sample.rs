//! One of everything that can be shown.

use crate::screen::bar::Tally;
use crate::screen::watch::{Body, ExerciseView, View};
use crate::screen::{Badge, Checked, Heading, KeyHelp, Row};
use crate::verdict::{
    Diagnostic, Hang, HangKind, Kind, Level, Place, Seconds, Status, TestResult, Verdict, sample_test,
    sample_verdict,
};
use crate::workbook::{Choice, Exercise, Prediction, Quiz, sample_exercise};

pub(in crate::screen) const KEYS: [KeyHelp; 8] = [
    KeyHelp { key: "n", short: "next", long: "go to the next step" },
    KeyHelp { key: "h", short: "hint", long: "show one hint more" },
    KeyHelp { key: "l", short: "list", long: "all steps; Enter goes to one" },
    KeyHelp { key: "r", short: "run again", long: "grade the file again" },
    KeyHelp { key: "c", short: "check all", long: "grade every exercise, then go to the first unsolved one" },
    KeyHelp {
        key: "x",
        short: "reset",
        long: "put the file back as it was at the start; yours is kept as a backup",
    },
    KeyHelp { key: "?", short: "keys", long: "this page" },
    KeyHelp { key: "q", short: "quit", long: "leave; nothing is lost" },
];

pub(in crate::screen) fn view(body: Body<'_>) -> View<'_> {
    View {
        heading: Heading {
            chapter: "Inert plans",
            step: "lazy_call",
            number: 3,
            total: 120,
            badge: Badge::Pending,
        },
        body,
        checked: None,
        notices: Vec::new(),
        chapter: Tally { done: 2, total: 6 },
        workbook: Tally { done: 2, total: 120 },
        keys: KEYS.to_vec(),
        scroll: 0,
        turn: 0,
    }
}

pub(in crate::screen) fn ungraded() -> ExerciseView<'static> {
    // A leaked exercise a test: the views borrow, and samples are easier to read without an owner for each.
    let exercise = Box::leak(Box::new(exercise()));
    ExerciseView { exercise, doing: None, verdict: None, gone: false, hints: 0, fresh: false }
}

pub(in crate::screen) fn exercise() -> Exercise {
    Exercise {
        hints: vec![
            "Calling an `async fn` runs none of its body.".into(),
            "A future does something only when it is polled. What polls it inside another `async fn`?".into(),
            "Write `.await` behind the call.".into(),
        ],
        starter: "//! A chat bot welcomes a visitor: first \"hello\", then \"hi\".\n//! Both must be in the room when `greet` is \
                  done.\n\nfn main() {}\n"
            .into(),
        ..sample_exercise("lazy_call", &[])
    }
}

pub(in crate::screen) fn quiz() -> Quiz {
    Quiz {
        name: "plan_or_value".into(),
        chapter: "01_inert_plans".into(),
        core: true,
        question: "What does this print?\n\n```rust\nasync fn hi() { println!(\"hi\"); }\n\nfn main() { hi(); }\n```".into(),
        choices: vec![
            Choice {
                text: "`hi`".into(),
                says: Some(
                    "With an ordinary `fn hi` that would be so: the call would run its body. What does the call of an \
                     `async fn` give back, and who does something with it?"
                        .into(),
                ),
                prints: None,
            },
            Choice { text: "It does not compile".into(), says: None, prints: None },
            Choice { text: "Nothing, and the compiler warns".into(), says: None, prints: None },
        ],
        answer: 2,
        explain: "`hi()` makes a future and drops it. Nobody polls it, so its body never runs. The warning is \
                  `unused_must_use`."
            .into(),
        prediction: None,
    }
}

pub(super) fn prediction() -> Quiz {
    let choice = |text: &str, prints: &str, says: Option<&str>| Choice {
        text: text.into(),
        says: says.map(str::to_owned),
        prints: Some(prints.into()),
    };
    Quiz {
        name: "who_is_first".into(),
        question: "What does it print?".into(),
        choices: vec![
            choice(
                "`tea`, `toast`, `400 ms`",
                "tea\ntoast\n400 ms",
                Some("The order of the arguments decides who is polled first. Whose timer fires first?"),
            ),
            choice("`tea`, `toast`, `700 ms`", "tea\ntoast\n700 ms", Some("Is one begun after the other?")),
            choice("`toast`, `tea`, `400 ms`", "toast\ntea\n400 ms", None),
        ],
        answer: 2,
        explain: "Both timers start at 0 ms, in the first poll of `join!`. The one of the toast fires at 300 ms.".into(),
        prediction: Some(Prediction {
            file: "who_is_first.rs".into(),
            program: "async fn make(name: &str, ms: u64) {\n    sleep(Duration::from_millis(ms)).await;\n    \
                      println!(\"{name}\");\n}\n\n#[tokio::main(flavor = \"current_thread\", start_paused = true)]\nasync fn \
                      main() {\n    let start = Instant::now();\n    tokio::join!(make(\"tea\", 400), make(\"toast\", 300));\n    \
                      println!(\"{} ms\", start.elapsed().as_millis());\n}\n"
                .into(),
            needs: None,
            lanes: Vec::new(),
        }),
        ..quiz()
    }
}

/// A run of that program.
pub(super) fn printed(text: &str) -> Verdict {
    let mut test = sample_test("the_program", Status::Passed, "");
    test.output = text.to_owned();
    sample_verdict("who_is_first", Kind::Passed, vec![test])
}

fn verdict(kind: Kind, tests: Vec<TestResult>) -> Verdict {
    let seconds = Seconds { compile: 0.19, tests: 0.03, total: 0.22 };
    Verdict { seconds, ..sample_verdict("lazy_call", kind, tests) }
}

pub(in crate::screen) fn passed() -> Verdict {
    let names = ["hi_is_heard", "nothing_runs_before_the_await", "order_is_kept"];
    verdict(Kind::Passed, names.iter().map(|name| sample_test(name, Status::Passed, "")).collect())
}

pub(in crate::screen) fn failed() -> Verdict {
    let message = "`greet` was called, but \"hi\" never reached the log. Calling an `async fn` only makes a plan: \
                   nothing runs until someone polls it.\n  expected: [\"hi\"]\n  found: []";
    let mut heard = sample_test("hi_is_heard", Status::Failed, message);
    heard.output = (1..=30).map(|line| format!("step {line}\n")).collect();
    let mut order = sample_test("order_is_kept", Status::Failed, "The log has 0 entries, not 2.");
    order.output = "one line\n".into();
    let mut verdict = verdict(
        Kind::Failed,
        vec![heard, sample_test("nothing_runs_before_the_await", Status::Passed, ""), order],
    );
    verdict.diagnostics.push(Diagnostic {
        level: Level::Warning,
        code: Some("unused_must_use".into()),
        message: "unused implementer of `Future` that must be used".into(),
        place: Some(place(12)),
        rendered: "warning: unused implementer of `Future` that must be used\n  --> \
                   exercises/01_inert_plans/lazy_call.rs:12:5\n   |\n12 |     greet(&log);\n   |     ^^^^^^^^^^^\n   |\n   \
                   = note: futures do nothing unless you `.await` or poll them\n"
            .into(),
        coach: None,
    });
    verdict
}

pub(super) fn compile_error() -> Verdict {
    let mut verdict = verdict(
        Kind::DoesNotCompile,
        ["hi_is_heard", "order_is_kept"].iter().map(|name| sample_test(name, Status::NotRun, "")).collect(),
    );
    verdict.diagnostics.push(Diagnostic {
        level: Level::Error,
        code: Some("E0728".into()),
        message: "`await` is only allowed inside `async` functions and blocks".into(),
        place: Some(place(12)),
        rendered: "error[E0728]: `await` is only allowed inside `async` functions and blocks\n  --> \
                   exercises/01_inert_plans/lazy_call.rs:12:17\n   |\n11 | fn main() {\n   | --------- this is not \
                   `async`\n12 |     greet(&log).await;\n   |                 ^^^^^ only allowed inside `async` \
                   functions and blocks\n\n"
            .into(),
        coach: Some(
            "`.await` hands the thread back until the future is ready, and only an `async fn` can be resumed. Make \
             the function `async`, or give the future to a runtime."
                .into(),
        ),
    });
    verdict.diagnostics.push(Diagnostic {
        level: Level::Warning,
        code: Some("unused_variables".into()),
        message: "unused variable: `log`".into(),
        place: Some(place(11)),
        rendered: "warning: unused variable: `log`\n  --> exercises/01_inert_plans/lazy_call.rs:11:9\n   |\n11 |     \
                   let log = Log::new();\n   |         ^^^ help: if this is intentional, prefix it with an \
                   underscore: `_log`\n"
            .into(),
        coach: None,
    });
    verdict
}

pub(super) fn hung(kind: HangKind) -> Verdict {
    let (general, cpu_seconds) = match kind {
        HangKind::Parked => ("Hangs asleep: when it was stopped, every thread was waiting.", 0.0),
        HangKind::Spinning => ("Hangs busy: when it was stopped, a thread was still burning the CPU.", 9.9),
        HangKind::Unknown => ("Hangs: it does not end.", 0.0),
    };
    let stage = "waiting for the second greeting";
    let message = format!(
        "Nobody ever wakes the task that waits for the greeting.\n{general}\nStopped after 10 s, of which its one \
         thread used the CPU for {cpu_seconds} s.\nLast checkpoint reached: {stage}"
    );
    let mut heard = sample_test("hi_is_heard", Status::Hung, &message);
    heard.seconds = 10.0;
    heard.hang = Some(Hang {
        kind,
        stage: Some(stage.into()),
        cpu_seconds,
        threads: 1,
        printing: false,
        proven: false,
    });
    let mut verdict = verdict(Kind::Hung, vec![heard, sample_test("order_is_kept", Status::Passed, "")]);
    verdict.seconds.total = 10.21;
    verdict
}

pub(super) fn crashed() -> Verdict {
    let mut heard = sample_test(
        "hi_is_heard",
        Status::Crashed,
        "The process ended with exit code 0 before the test had reported.",
    );
    heard.output = "hello\n\u{1b}[31mthread 'main' has overflowed its stack\u{1b}[0m\n".into();
    verdict(Kind::Crashed, vec![heard, sample_test("order_is_kept", Status::NotRun, "")])
}

pub(in crate::screen) fn rows() -> Vec<Row<'static>> {
    let row = |chapter, name, badge| Row {
        chapter,
        name,
        question: None,
        core: true,
        badge,
        current: false,
        attempts: 0,
        hints: 0,
        brings: &[],
    };
    vec![
        Row { attempts: 1, ..row("Inert plans", "lazy_call", Badge::Solved) },
        Row { question: Some("quiz"), attempts: 2, ..row("Inert plans", "plan_or_value", Badge::Solved) },
        Row { attempts: 4, hints: 1, ..row("Inert plans", "plan_order", Badge::Skipped) },
        Row { core: false, ..row("Inert plans", "recursion", Badge::Stale) },
        Row { current: true, attempts: 3, hints: 3, ..row("The engine", "async_main", Badge::Pending) },
        row("The engine", "runtime_inside_runtime", Badge::Pending),
        row("The engine", "context_first", Badge::Pending),
        Row { core: false, ..row("The engine", "block_on_bridge", Badge::Pending) },
        Row { question: Some("prediction"), ..row("The engine", "who_polls", Badge::Pending) },
    ]
}

pub(super) fn checked() -> Vec<Checked> {
    [
        ("lazy_call", Kind::Passed),
        ("plan_order", Kind::Failed),
        ("recursion", Kind::DoesNotCompile),
        ("async_main", Kind::Passed),
        ("runtime_inside_runtime", Kind::Failed),
        ("context_first", Kind::Hung),
        ("block_on_bridge", Kind::Broken),
    ]
    .into_iter()
    .map(|(name, kind)| Checked { name: name.into(), kind, untouched: false })
    .collect()
}

fn place(line: usize) -> Place {
    Place { file: "exercises/01_inert_plans/lazy_call.rs".into(), line, column: 5 }
}
