//! A recording from the hidden test's process to the screen: for a test that passes, fails, hangs, and for one whose
//! submission would like to draw something else.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use tempfile::TempDir;
use tokiolings::grader::{Grader, Home, Options, Source};
use tokiolings::screen;
use tokiolings::verdict::{Kind, Status, Timeline, Verdict};
use tokiolings::workbook::Workbook;

#[path = "fixtures/small_workbook.rs"]
mod small_workbook;

const CHAPTER: &str = r#"
title = "Breakfast"

[[step]]
exercise = "breakfast"
limit = "1s"
hints = ["Start both, then wait for both."]
"#;

const STARTER: &str =
    "pub async fn breakfast(kettle: impl Future<Output = ()>, toast: impl Future<Output = ()>) {
    kettle.await;
    toast.await;
}
";

const SOLUTION: &str =
    "pub async fn breakfast(kettle: impl Future<Output = ()>, toast: impl Future<Output = ()>) {
    tokio::join!(kettle, toast);
}
";

const HIDDEN: &str = r#"
use std::time::Duration;
use testkit::{Timeline, vt};
use tokio::time::sleep;

#[test]
fn it_takes_as_long_as_the_kettle() {
    let timeline = Timeline::new();
    let (kettle, toast) = (timeline.lane("kettle"), timeline.lane("toast"));
    let (_, took) = vt(exercise::breakfast(
        kettle.watch(async { sleep(Duration::from_millis(30)).await }),
        toast.watch(async { sleep(Duration::from_millis(20)).await }),
    ));
    assert!(took < Duration::from_millis(40), "It took {took:?}.");
}
"#;

fn grade(source: &str) -> Verdict {
    static BENCH: OnceLock<(TempDir, Grader, Arc<Workbook>)> = OnceLock::new();
    let (_, grader, workbook) = BENCH.get_or_init(|| {
        let (folder, workbook) = small_workbook::of_one("breakfast", CHAPTER, STARTER, SOLUTION, HIDDEN);
        let workbook = Arc::new(workbook);
        let home = Home::at(Path::new(env!("CARGO_TARGET_TMPDIR")).join("home"));
        (folder, Grader::new(Arc::clone(&workbook), home, Options::default()), workbook)
    });
    let exercise = workbook.step("breakfast").and_then(|step| step.as_exercise()).expect("it is there");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let source = Source::Text(source.to_owned());
    runtime.block_on(grader.grade(exercise, &source, &|_| {}))
}

fn recorded(verdict: &Verdict) -> &Timeline {
    verdict.tests[0].timeline.as_ref().unwrap_or_else(|| panic!("nothing was recorded: {verdict:#?}"))
}

/// Lane, milliseconds and name of each moment.
fn moments(timeline: &Timeline) -> Vec<(&str, u64, &str)> {
    let named = timeline.moments().iter();
    named
        .map(|moment| (timeline.lanes()[moment.lane].as_str(), moment.at / 1000, moment.what.as_str()))
        .collect()
}

#[test]
fn a_row_and_a_join_are_recorded_as_what_they_are_also_from_the_cache() {
    for _ in 0..2 {
        let in_a_row = grade(STARTER);
        assert_eq!(in_a_row.tests[0].status, Status::Failed, "{in_a_row:#?}");
        let seen = moments(recorded(&in_a_row));
        assert_eq!(seen[..2], [("kettle", 0, "poll"), ("kettle", 0, "pending")]);
        assert!(seen.contains(&("toast", 30, "poll")) && seen.contains(&("toast", 50, "ready")), "{seen:?}");

        let joined = grade(SOLUTION);
        assert_eq!(joined.kind, Kind::Passed, "{joined:#?}");
        let seen = moments(recorded(&joined));
        assert!(seen.contains(&("toast", 0, "poll")) && seen.contains(&("toast", 20, "ready")), "{seen:?}");
        assert!(seen.contains(&("kettle", 30, "ready")), "{seen:?}");
    }
}

#[test]
fn a_test_that_hangs_has_its_recording_up_to_the_end() {
    let verdict = grade(
        "pub async fn breakfast(kettle: impl Future<Output = ()>, toast: impl Future<Output = ()>) {
            toast.await;
            let mut kettle = Box::pin(kettle);
            std::future::poll_fn(|cx| kettle.as_mut().poll(cx).map(|()| loop { std::thread::park() })).await
        }",
    );
    assert_eq!(verdict.tests[0].status, Status::Hung, "{verdict:#?}");
    let seen = moments(recorded(&verdict));
    assert_eq!(seen.last(), Some(&("kettle", 50, "ready")), "{seen:?}");
    let lines = screen::timelines(&verdict, 80);
    let text: Vec<String> = lines.iter().map(screen::Line::text).collect();
    assert!(text.iter().any(|line| line.starts_with("kettle") && line.contains('✓')), "{text:#?}");
}

#[test]
fn a_submission_cannot_draw_what_did_not_happen() {
    let verdict = grade(
        r#"use std::io::Write as _;
        use std::os::fd::AsFd as _;
        pub async fn breakfast(kettle: impl Future<Output = ()>, toast: impl Future<Output = ()>) {
            let socket = std::io::stdin().as_fd().try_clone_to_owned().unwrap();
            let mut socket = std::os::unix::net::UnixStream::from(socket);
            for frame in ["timeline new", "timeline lane\tforged", "timeline 0\t0\tready\t"] {
                let _ = writeln!(socket, "{frame}");
                let _ = writeln!(socket, "{} {frame}", "0".repeat(32));
            }
            kettle.await;
            toast.await;
        }"#,
    );
    assert_eq!(verdict.tests[0].status, Status::Failed, "{verdict:#?}");
    assert_eq!(recorded(&verdict).lanes(), ["kettle", "toast"]);
    assert_eq!(recorded(&verdict), recorded(&grade(STARTER)));
}
