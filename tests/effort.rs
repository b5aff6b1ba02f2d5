//! A pass that rests on measured effort is believed when it was seen twice: the machine may hide an effort once.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use tokiolings::grader::{Grader, Home, Options, Source};
use tokiolings::verdict::{Kind, Verdict};

#[path = "fixtures/small_workbook.rs"]
mod small_workbook;

const CHAPTER: &str = "title = \"Naps\"\n\n[[step]]\nexercise = \"nap\"\nhints = [\"Sleep.\"]\n";

/// Passes the first time, and refuses each time after it; counts in a file that outlives its process.
const HIDDEN: &str = r#"
use std::io::Write;

#[test]
fn it_sleeps() {
    MEASURE
    exercise::nap();
    let mut runs = std::fs::OpenOptions::new().create(true).append(true).open("RUNS").expect("opened");
    runs.write_all(b"x").expect("written");
    assert!(runs.metadata().expect("there").len() == 1, "It was seen to get up.");
}
"#;

/// The verdict of two gradings, and how often the hidden test ran in each.
fn graded(measure: &str) -> [(Verdict, usize); 2] {
    let runs = tempfile::tempdir().expect("a temporary folder");
    let runs = runs.path().join("runs");
    let hidden = HIDDEN.replace("MEASURE", measure).replace("RUNS", &runs.display().to_string());
    let nap = "pub fn nap() {}\n";
    let (_folder, workbook) = small_workbook::of_one("nap", CHAPTER, nap, nap, &hidden);
    let workbook = Arc::new(workbook);
    let home = Home::at(Path::new(env!("CARGO_TARGET_TMPDIR")).join("home"));
    let grader = Grader::new(Arc::clone(&workbook), home, Options::default());
    let exercise = workbook.step("nap").and_then(|step| step.as_exercise()).expect("it is there");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let source = Source::Text(nap.to_owned());
    let mut before = 0;
    [(); 2].map(|()| {
        let verdict = runtime.block_on(grader.grade(exercise, &source, &|_| {}));
        let all = fs::metadata(&runs).expect("the test ran").len() as usize;
        let ran = all - before;
        before = all;
        (verdict, ran)
    })
}

#[test]
fn a_measured_pass_that_is_not_seen_twice_is_no_pass_and_not_kept_as_one() {
    let [(first, ran), (second, _)] = graded("let _ = testkit::Effort::of_others();");
    assert_eq!((first.kind, ran), (Kind::Failed, 2), "{first:#?}");
    assert_eq!(second.kind, Kind::Failed);
}

#[test]
fn what_was_not_measured_runs_once_and_is_kept() {
    let [(first, ran), (second, again)] = graded("");
    assert_eq!((first.kind, ran), (Kind::Passed, 1), "{first:#?}");
    assert_eq!((second.kind, again), (Kind::Passed, 0));
}
