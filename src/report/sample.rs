//! A report with one of everything, for the tests of the formats, and their schemas.

use std::path::Path;
use std::sync::Arc;

use crate::report::{Basis, ChapterName, Finding, Recorded, Report, Row};
use crate::verdict::{
    Broken, Diagnostic, Hang, HangKind, Kind, Level, Place, Seconds, Status, TestResult, Verdict,
    sample_test, sample_verdict,
};
use crate::workbook::{Exercise, sample_exercise};
use crate::workspace::State;

/// Reads `json` and checks it against `tests/schemas/<name>.json`.
pub(super) fn check(name: &str, json: &[u8]) -> serde_json::Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/schemas/{name}.json"));
    let schema = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let schema = serde_json::from_slice(&schema).expect("a schema is JSON");
    let value = serde_json::from_slice(json).expect("the format is JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema of a known draft");
    let faults: Vec<String> =
        validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(faults.is_empty(), "{}\n{value:#}", faults.join("\n"));
    value
}

pub(super) fn report() -> Report {
    report_of(Basis::Regraded)
}

pub(super) fn report_of(basis: Basis) -> Report {
    let mut rows = rows();
    if basis == Basis::Recorded {
        rows.iter_mut().for_each(|row| row.finding = Finding::Unchecked);
    }
    let chapter = |id: &str, title: &str| ChapterName { id: id.to_owned(), title: title.to_owned() };
    Report {
        workbook: "Tokio from the ground up".to_owned(),
        edition: "0123456789abcdef0123456789abcdef".to_owned(),
        basis,
        at: "2026-11-27T10:00:00Z".to_owned(),
        seconds: 1.25,
        chapters: vec![chapter("01_inert_plans", "Inert plans"), chapter("02_engine", "The <engine> & more")],
        rows,
    }
}

fn rows() -> Vec<Row> {
    let first = "01_inert_plans";
    let second = "02_engine";
    let message = "\"hi\" was never said: calling `say_hi` built a plan, and the plan was dropped.\nmore";
    vec![
        row(first, "lazy_call", claim(State::Solved, 2), graded(Kind::Passed, passed())),
        Row {
            exercise: Arc::new(Exercise { points: 3, ..exercise(first, "plan_order") }),
            ..row(first, "plan_order", claim(State::Solved, 0), graded(Kind::Failed, failed("t", message)))
        },
        row(first, "async_block", claim(State::Pending, 1), not_compiling()),
        row(first, "put_back", claim(State::Solved, 3), graded(Kind::Failed, failed("t", message))),
        row(first, "changed", claim(State::Solved, 3), graded(Kind::Failed, failed("t", message))),
        row(first, "untouched", claim(State::Pending, 0), graded(Kind::Failed, failed("t", message))),
        row(
            first,
            "formula",
            claim(State::Stale, 4),
            Finding::NoSource("=HYPERLINK(\"http://x\",\"y\"), a, b".into()),
        ),
        row(second, "parked", claim(State::Skipped, 7), graded(Kind::Hung, hung())),
        Row {
            exercise: Arc::new(Exercise { core: false, ..exercise(second, "broken") }),
            ..row(second, "broken", claim(State::Solved, 1), broken())
        },
        row(
            second,
            "evil",
            claim(State::Pending, 1),
            // What a text would be if nothing had cleaned it before it came here.
            graded(Kind::Failed, failed("t", "<a & \"b\"> ]]> before\u{0}\u{b}\u{1b}[31m after\u{1b}[0m")),
        ),
        row(
            second,
            "noncharacters",
            claim(State::Pending, 1),
            graded(Kind::Crashed, failed("t", "before \u{fffe}\u{ffff} after")),
        ),
        row(
            second,
            "gone",
            claim(State::Pending, 0),
            Finding::NoSource("exercises/02_engine/gone.rs is missing".into()),
        ),
    ]
}

fn exercise(chapter: &str, name: &str) -> Exercise {
    Exercise { chapter: chapter.to_owned(), ..sample_exercise(name, &["t", "u"]) }
}

fn row(chapter: &str, name: &str, recorded: Recorded, finding: Finding) -> Row {
    let (untouched, of_this_text) = (["untouched", "put_back"].contains(&name), name == "plan_order");
    Row { exercise: Arc::new(exercise(chapter, name)), untouched, of_this_text, recorded, finding }
}

fn claim(state: State, attempts: u32) -> Recorded {
    let solved_at = (state == State::Solved).then(|| "2026-11-20T09:30:00Z".to_owned());
    Recorded { state, solved_at, attempts, hints: attempts / 2, gave_up: state == State::Skipped }
}

fn test(name: &str, status: Status, message: &str) -> TestResult {
    TestResult { seconds: 0.004, ..sample_test(name, status, message) }
}

fn verdict(kind: Kind, tests: Vec<TestResult>) -> Verdict {
    let seconds = Seconds { compile: 0.19, tests: 0.03, total: 0.22 };
    Verdict { seconds, ..sample_verdict("sample", kind, tests) }
}

fn graded(kind: Kind, tests: Vec<TestResult>) -> Finding {
    Finding::Graded(Arc::new(verdict(kind, tests)))
}

fn passed() -> Vec<TestResult> {
    vec![test("t", Status::Passed, ""), test("u", Status::Passed, "")]
}

fn failed(name: &str, message: &str) -> Vec<TestResult> {
    let output = "é".repeat(700);
    vec![TestResult { output, ..test(name, Status::Failed, message) }, test("u", Status::Passed, "")]
}

fn hung() -> Vec<TestResult> {
    let hang = Hang {
        kind: HangKind::Parked,
        stage: Some("asked".into()),
        cpu_seconds: 0.0,
        threads: 1,
        printing: false,
        proven: false,
    };
    let message = "stopped after 10 s: everything was asleep, and nobody was going to wake it";
    vec![test("t", Status::Passed, ""), TestResult { hang: Some(hang), ..test("u", Status::Hung, message) }]
}

fn not_run() -> Vec<TestResult> {
    vec![test("t", Status::NotRun, ""), test("u", Status::NotRun, "")]
}

fn not_compiling() -> Finding {
    let place = Place { file: "exercises/01_inert_plans/async_block.rs".into(), line: 7, column: 5 };
    let diagnostic = Diagnostic {
        level: Level::Error,
        code: Some("E0728".into()),
        message: "`await` is only allowed inside `async` functions and blocks".into(),
        rendered: "error[E0728]: `await` is only allowed inside `async` functions and blocks\n".into(),
        place: Some(place),
        coach: Some("Only an `async` body can wait.".into()),
    };
    let verdict = Verdict { diagnostics: vec![diagnostic], ..verdict(Kind::DoesNotCompile, not_run()) };
    Finding::Graded(Arc::new(verdict))
}

fn broken() -> Finding {
    let broken =
        Broken { problem: "there is no rustc on this machine".into(), remedy: "install Rust".into() };
    Finding::Graded(Arc::new(Verdict { broken: Some(broken), ..verdict(Kind::Broken, not_run()) }))
}
