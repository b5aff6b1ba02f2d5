//! The learner's own program, run for its sake by the real compiler.

use std::cell::RefCell;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rustix::process::{Pid, test_kill_process};
use tokio::sync::mpsc::unbounded_channel;
use tokiolings::grader::{Ask, Grader, Home, Options, Played, Source, Told};
use tokiolings::verdict::HangKind;
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
    let printed = RefCell::new(Vec::new());
    let source = Source::Text(text.into());
    let (_, asks) = unbounded_channel();
    let told = |told: Told<'_>| {
        if let Told::Printed(bytes) = told {
            printed.borrow_mut().extend_from_slice(bytes);
        }
    };
    let played = grader.play(&exercise, &source, folder.path(), &|_| {}, asks, &told).await;
    (played, String::from_utf8(printed.into_inner()).expect("text"))
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
    let (send, mut heard) = unbounded_channel();
    let source = Source::Text(text.into());
    let told = |told: Told<'_>| {
        if let Told::Printed(bytes) = told {
            drop(send.send(bytes.to_owned()));
        }
    };
    let (_, asks) = unbounded_channel();
    let bytes = tokio::select! {
        played = grader.play(&exercise, &source, folder.path(), &|_| {}, asks, &told) => panic!("{played:?}"),
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

/// Runs a program, asks this once it prints, and asks to interrupt it once that is answered. What was seen, and its end.
async fn asked(text: &str, first: Ask) -> (Vec<HangKind>, Played, String) {
    let (grader, exercise) = grader();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let source = Source::Text(text.into());
    let (ask, asks) = unbounded_channel();
    let (seen, printed) = (RefCell::new(Vec::new()), RefCell::new(Vec::new()));
    let told = |told: Told<'_>| match told {
        Told::Printed(bytes) => {
            if printed.borrow().is_empty() {
                ask.send(first).expect("it runs");
            }
            printed.borrow_mut().extend_from_slice(bytes);
        }
        Told::Seen(kind) => {
            seen.borrow_mut().push(kind);
            ask.send(Ask::Interrupt).expect("it runs");
        }
    };
    let played = grader.play(&exercise, &source, folder.path(), &|_| {}, asks, &told).await;
    (seen.into_inner(), played, String::from_utf8(printed.into_inner()).expect("text"))
}

#[tokio::test]
async fn a_look_tells_asleep_from_busy_and_an_interrupt_ends_both() {
    let sleeps = r#"fn main() { println!("here"); loop { std::thread::park(); } }"#;
    let spins = r#"fn main() { println!("here"); loop { std::hint::spin_loop(); } }"#;
    for (text, kind) in [(sleeps, HangKind::Parked), (spins, HangKind::Spinning)] {
        let (seen, played, printed) = asked(text, Ask::Look).await;
        assert_eq!((seen, played, printed.as_str()), (vec![kind], Played::Signalled(2), "here\n"));
    }
}

#[tokio::test]
async fn a_program_that_handles_ctrl_c_has_the_last_word() {
    let text = r#"#[tokio::main(flavor = "current_thread")]
    async fn main() {
        let mut interrupt = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt()).unwrap();
        println!("ready");
        interrupt.recv().await;
        println!("bye");
    }"#;
    let (_, played, printed) = asked(text, Ask::Interrupt).await;
    assert_eq!((played, printed.as_str()), (Played::Exited(0), "ready\nbye\n"));
}
