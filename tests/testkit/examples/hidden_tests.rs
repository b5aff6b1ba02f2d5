//! What the grader makes of a hidden tests file, with tests that go wrong in every way the harness must survive.
//! `tests/harness.rs` starts it.

#![expect(clippy::unit_arg, reason = "`main` is written as the grader writes it")]
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::process::ExitCode;
use std::thread;

use testkit::{Script, Step, Timeline, panic_of, pick, program, rt, stage, vt};

#[path = "exercises/learner.rs"]
mod learner;

fn passes() {
    assert_eq!(thread::current().name(), Some("main"));
    assert_eq!(panic_of(|| -> u8 { panic!("never printed") }).unwrap_err(), "never printed");
    println!("printed");
}

fn draws() {
    for _ in 0..2 {
        println!("{}", pick(0..=u64::MAX));
    }
}

fn measures() {
    let before = testkit::Effort::of_others();
    assert!(before.is_none() || testkit::Effort::of_others().is_some());
}

fn returns_ok() -> Result<(), std::num::ParseIntError> {
    "7".parse::<u8>().map(drop)
}

fn returns_error() -> Result<(), std::num::ParseIntError> {
    "seven".parse::<u8>().map(drop)
}

fn fails_in_test() {
    let ran = 2;
    assert!(ran == 1, "`write_audit` ran {ran} times.\n\tback\\slash\r");
}

fn fails_in_learner() {
    assert_eq!(learner::share(4, 2), 2);
    learner::share(1, 0);
}

fn fails_in_library() {
    rt(async { rt(async {}) });
}

fn fails_in_script() {
    learner::poll_too_often(Script::new("A", [Step::Ready(())]));
}

fn exits_early() {
    learner::leave_early();
    panic!("not reached");
}

fn forges() {
    learner::forge();
}

fn replaces_hook() {
    learner::replace_hook();
    learner::explode("told all the same");
}

fn task_panics() {
    rt(async {
        tokio::spawn(async { learner::explode("lost in a task") }).await.unwrap_err();
    });
}

fn task_panic_is_resumed() {
    rt(async {
        let error = tokio::spawn(async { learner::explode("from a task") }).await.unwrap_err();
        std::panic::resume_unwind(error.into_panic());
    });
}

fn caught_panic_then_failure() {
    let caught = std::panic::catch_unwind(|| learner::explode("caught"));
    assert!(caught.is_ok(), "the second is the one that counts");
}

fn thread_panics() {
    thread::spawn(|| learner::explode("lost in a thread")).join().unwrap_err();
}

fn assertions_are_lost() {
    rt(async {
        // Nobody keeps the handle.
        tokio::spawn(async { assert_eq!(learner::share(4, 2), 3, "two\tshares") });
        tokio::task::yield_now().await;
    });
    thread::spawn(|| panic!("in a thread")).join().unwrap_err();
    // The task's panic is not that of the call.
    let call = panic_of(|| {
        vt(async {
            drop(tokio::spawn(async { panic!("in a task of a call") }));
            tokio::task::yield_now().await;
        })
    });
    assert!(call.is_ok());
}

fn assertions_are_looked_at() {
    assert!(panic_of(|| panic!("quiet")).is_err());
    rt(async { tokio::spawn(async { panic_of(|| panic!("quiet in a task")).unwrap_err() }).await.unwrap() });
}

fn calls_block() {
    vt(async { tokio::task::spawn_blocking(|| ()).await.unwrap() });
}

fn calls_block_in_real_time() {
    rt(async { tokio::task::spawn_blocking(|| ()).await.unwrap() });
}

fn panics_with_trap() {
    std::panic::panic_any(learner::Trap);
}

fn huge() {
    panic!("head{}tail", "é".repeat(100_000_000));
}

fn huge_nonblocking() {
    learner::make_channel_nonblocking();
    for _ in 0..64 {
        stage("x".repeat(60_000));
    }
    panic!("all of it arrived");
}

fn hangs() {
    stage("starting");
    stage("polled once;\nnow the event fires");
    loop {
        thread::park();
    }
}

fn reads_input() {
    println!("input: {:?}", learner::read_input());
}

fn runs_harness_again() {
    ::testkit::harness::main(&[("passes", || Ok(()))]);
    assert!(panic_of(|| -> u8 { panic!("quiet") }).is_err());
}

fn runs_program() {
    let output = program().arg("one\ttwo").arg("three").env("NAME", "value").run();
    assert!(output.code == Some(3), "{output:?}");
    assert!(output.stdout == "line 1\nline 2\n", "{output:?}");
    assert!(output.stderr == "to\\stderr", "{output:?}");
}

fn records() {
    let older = Timeline::new().lane("older");
    let timeline = Timeline::new();
    older.mark("not shown");
    let page = timeline.lane("the\tpage");
    vt(page.watch(async { page.mark("spinner\nshown") }));
    panic!("told after the recording");
}

const LUCK: ::testkit::harness::Tried<'static> = ("needs_luck", Some("no luck"), || panic!("no luck at all"));

const LEARNERS: &[::testkit::harness::Tried<'static>] =
    &[("passes", None, || ::testkit::harness::Outcome::into_result(passes())), LUCK];

const FAILS: ::testkit::harness::Tried<'static> =
    ("fails", None, || ::testkit::harness::Outcome::into_result(fails_in_learner()));

fn main() -> ExitCode {
    ::testkit::harness::main(&[
        ("learners_pass", || ::testkit::harness::each(LEARNERS)),
        ("one_passes", || ::testkit::harness::each(&[LUCK])),
        ("learners_fail", || ::testkit::harness::each(&[LUCK, FAILS, LUCK])),
        ("learners_do_not_panic", || ::testkit::harness::each(&[("calm", Some(""), || Ok(()))])),
        ("learners_panic_otherwise", || ::testkit::harness::each(&[("wild", Some("luck"), || panic!("no"))])),
        ("passes", || ::testkit::harness::Outcome::into_result(passes())),
        ("measures", || ::testkit::harness::Outcome::into_result(measures())),
        ("draws", || ::testkit::harness::Outcome::into_result(draws())),
        ("returns_ok", || ::testkit::harness::Outcome::into_result(returns_ok())),
        ("returns_error", || ::testkit::harness::Outcome::into_result(returns_error())),
        ("fails_in_test", || ::testkit::harness::Outcome::into_result(fails_in_test())),
        ("fails_in_learner", || ::testkit::harness::Outcome::into_result(fails_in_learner())),
        ("fails_in_library", || ::testkit::harness::Outcome::into_result(fails_in_library())),
        ("fails_in_script", || ::testkit::harness::Outcome::into_result(fails_in_script())),
        ("exits_early", || ::testkit::harness::Outcome::into_result(exits_early())),
        ("forges", || ::testkit::harness::Outcome::into_result(forges())),
        ("replaces_hook", || ::testkit::harness::Outcome::into_result(replaces_hook())),
        ("task_panics", || ::testkit::harness::Outcome::into_result(task_panics())),
        ("task_panic_is_resumed", || ::testkit::harness::Outcome::into_result(task_panic_is_resumed())),
        ("caught_panic_then_failure", || {
            ::testkit::harness::Outcome::into_result(caught_panic_then_failure())
        }),
        ("thread_panics", || ::testkit::harness::Outcome::into_result(thread_panics())),
        ("assertions_are_lost", || ::testkit::harness::Outcome::into_result(assertions_are_lost())),
        ("assertions_are_looked_at", || ::testkit::harness::Outcome::into_result(assertions_are_looked_at())),
        ("calls_block", || ::testkit::harness::Outcome::into_result(calls_block())),
        ("calls_block_in_real_time", || ::testkit::harness::Outcome::into_result(calls_block_in_real_time())),
        ("panics_with_trap", || ::testkit::harness::Outcome::into_result(panics_with_trap())),
        ("huge", || ::testkit::harness::Outcome::into_result(huge())),
        ("huge_nonblocking", || ::testkit::harness::Outcome::into_result(huge_nonblocking())),
        ("hangs", || ::testkit::harness::Outcome::into_result(hangs())),
        ("reads_input", || ::testkit::harness::Outcome::into_result(reads_input())),
        ("runs_harness_again", || ::testkit::harness::Outcome::into_result(runs_harness_again())),
        ("runs_program", || ::testkit::harness::Outcome::into_result(runs_program())),
        ("records", || ::testkit::harness::Outcome::into_result(records())),
    ])
}
