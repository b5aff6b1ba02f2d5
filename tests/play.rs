//! The learner's own program, run for its sake by the real compiler.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rustix::process::{Pid, test_kill_process};
use tokiolings::grader::{Grader, Home, Options, Played, Source};
use tokiolings::workbook::{Exercise, Workbook};

/// A grader that shares what the other tests have built.
fn grader() -> (Grader, Arc<Exercise>) {
    let workbook = Arc::new(Workbook::builtin().expect("the built-in workbook is good"));
    let exercise = workbook.exercises().next().expect("it has exercises").clone();
    let home = Home::at(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("home"));
    (Grader::new(workbook, home, Options::default()), exercise)
}

async fn play(text: &str) -> (Played, String) {
    let (grader, exercise) = grader();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut printed = Vec::new();
    let source = Source::Text(text.into());
    let played = grader
        .play(&exercise, &source, folder.path(), &|_| {}, &mut |bytes| printed.extend_from_slice(bytes))
        .await;
    (played, String::from_utf8(printed).expect("text"))
}

#[tokio::test]
async fn a_program_runs_with_both_of_its_outputs_in_order() {
    let text = r#"fn main() {
        println!("one");
        eprintln!("two");
        println!("three");
        std::process::exit(7);
    }"#;
    assert_eq!(play(text).await, (Played::Exited(7), "one\ntwo\nthree\n".to_owned()));
}

#[tokio::test]
async fn a_library_is_told_from_a_program_that_does_not_compile() {
    assert_eq!(play("pub fn f() {}").await.0, Played::NoMain);
    let (played, _) = play("fn main() { nobody(); }").await;
    let Played::DoesNotCompile(diagnostics) = played else { panic!("{played:?}") };
    assert_eq!(diagnostics[0].code.as_deref(), Some("E0425"));
}

#[tokio::test]
async fn it_may_use_what_exercises_may_use() {
    let text = "#[tokio::main] async fn main() { tokio::task::yield_now().await; println!(\"done\"); }";
    assert_eq!(play(text).await, (Played::Exited(0), "done\n".to_owned()));
}

#[tokio::test]
async fn dropping_it_ends_the_program() {
    let (grader, exercise) = grader();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text = r#"fn main() {
        println!("{}", std::process::id());
        loop { std::thread::sleep(std::time::Duration::from_secs(1)); }
    }"#;
    let (send, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let source = Source::Text(text.into());
    let mut printed = |bytes: &[u8]| drop(send.send(bytes.to_owned()));
    let bytes = tokio::select! {
        played = grader.play(&exercise, &source, folder.path(), &|_| {}, &mut printed) => panic!("{played:?}"),
        bytes = heard.recv() => bytes.expect("it prints"),
    };
    let pid: i32 = String::from_utf8(bytes).expect("text").trim().parse().expect("a number");
    let pid = Pid::from_raw(pid).expect("a process");
    // It has to be reaped, and until then its number is taken.
    for _ in 0..500 {
        if test_kill_process(pid).is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("process {pid:?} is still there");
}
