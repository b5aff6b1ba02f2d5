use std::path::Path;

use super::*;
use crate::grader::child::proof::Phase;
use crate::verdict::HangKind;

/// The fixture program, which cargo builds beside the tests.
fn misbehave(words: &[&str]) -> Spec {
    let own = std::env::current_exe().unwrap();
    let target = own.parent().and_then(Path::parent).unwrap();
    let program = target.join("examples").join(crate::system::compiler::executable("misbehave"));
    assert!(
        program.is_file(),
        "{} is built by `cargo test`, or by `cargo build --examples`",
        program.display()
    );
    Spec {
        program: program.into(),
        args: words.iter().map(OsString::from).collect(),
        cwd: std::env::temp_dir(),
        limit: Duration::from_secs(60),
        ..Spec::default()
    }
}

async fn run_text(spec: Spec) -> (Outcome, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let outcome = run(spec, &mut |stream, bytes| match stream {
        Stream::Out => out.extend_from_slice(bytes),
        Stream::Err => err.extend_from_slice(bytes),
    })
    .await
    .unwrap();
    (outcome, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

#[cfg(windows)]
fn alive(pid: i32) -> bool {
    !crate::system::look::look(pid.try_into().unwrap(), false).processes.is_empty()
}

#[cfg(unix)]
fn alive(pid: i32) -> bool {
    // A zombie still has a number; it is dead all the same.
    std::fs::read_to_string(format!("/proc/{pid}/stat"))
        .is_ok_and(|stat| !stat.rsplit_once(')').is_some_and(|(_, rest)| rest.trim_start().starts_with('Z')))
}

async fn gone(pid: i32) -> bool {
    for _ in 0..500 {
        if !alive(pid) {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    false
}

fn grandchild_in(out: &str) -> i32 {
    let rest = out.split("grandchild ").nth(1).unwrap();
    rest.split_whitespace().next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn both_outputs_arrive_apart_or_merged_in_order() {
    let words = ["print", "one ", "complain", "two ", "print", "three", "exit", "7"];
    let (outcome, out, err) = run_text(misbehave(&words)).await;
    assert_eq!((outcome.end, out.as_str(), err.as_str()), (Ended::Exited(7), "one three", "two "));
    let (_, out, err) = run_text(Spec { merged: true, ..misbehave(&words) }).await;
    assert_eq!((out.as_str(), err.as_str()), ("one two three", ""));
}

#[tokio::test]
async fn a_signal_is_told_from_an_exit() {
    let (outcome, ..) = run_text(misbehave(&["abort"])).await;
    assert_eq!(outcome.end, Ended::Signalled(6));
}

#[tokio::test]
async fn the_environment_and_the_input_are_the_orders_alone() {
    let (_, out, _) = run_text(misbehave(&["echo-input", "print", "done"])).await;
    assert_eq!(out, "done");
}

#[tokio::test]
async fn ten_megabytes_are_read_while_they_are_written() {
    let (outcome, out, _) = run_text(misbehave(&["flood", "10000000"])).await;
    assert_eq!((outcome.end, out.len()), (Ended::Exited(0), 10_000_000));
}

#[cfg(unix)]
#[tokio::test]
async fn one_that_ignores_term_is_killed_at_its_limit() {
    let limit = Duration::from_millis(300);
    let spec = Spec { limit, ..misbehave(&["ignore-term", "print", "deaf", "park"]) };
    let (outcome, out, _) = run_text(spec).await;
    assert_eq!((outcome.end, out.as_str()), (Ended::TimedOut(None), "deaf"));
    assert!(outcome.took >= limit + GRACE, "TERM was waited for: {:?}", outcome.took);
}

#[tokio::test]
async fn a_hang_says_whether_it_sleeps_or_burns() {
    for (how, kind) in
        [("park", HangKind::Parked), ("spin", HangKind::Spinning), ("print-on", HangKind::Spinning)]
    {
        // It has not begun, so nothing is proven.
        let bounds = Some(bounds(Phase::default()));
        let spec = Spec { limit: Duration::from_millis(500), bounds, ..misbehave(&[how]) };
        let (outcome, ..) = run_text(spec).await;
        let Ended::TimedOut(Some(hang)) = outcome.end else { panic!("{how}: {:?}", outcome.end) };
        // Only Linux tells the threads.
        let threads = usize::from(cfg!(target_os = "linux"));
        assert_eq!((hang.kind, hang.threads), (kind, threads), "{how}");
        assert_eq!(hang.printing, how == "print-on", "{how}");
    }
}

fn bounds(phase: Phase) -> Bounds {
    let second = Duration::from_secs(1);
    Bounds {
        cpu: second,
        asleep: second / 3,
        clock: None,
        phase: std::sync::Arc::new(phase),
        company: std::sync::Arc::default(),
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_hang_that_is_proven_ends_long_before_the_limit() {
    for (how, kind) in [("park", HangKind::Parked), ("spin", HangKind::Spinning)] {
        let phase = Phase::default();
        phase.begin();
        let spec = Spec { limit: Duration::from_secs(600), bounds: Some(bounds(phase)), ..misbehave(&[how]) };
        let (outcome, ..) = run_text(spec).await;
        let Ended::Hung(hang) = outcome.end else { panic!("{how}: {:?}", outcome.end) };
        assert_eq!((hang.kind, hang.threads, hang.proven), (kind, 1, true), "{how}");
        assert!(hang.cpu_seconds >= if how == "spin" { 1.0 } else { 0.0 }, "{hang:?}");
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_kernel_ends_what_burns_while_nobody_looks() {
    use crate::system::family;
    let (pipes, theirs) = pipes(false).await.unwrap();
    let (mut child, _known) = spawn(misbehave(&["spin"]), theirs).unwrap();
    family::limit_cpu(family::id_of(child.as_ref()).unwrap(), 1);
    let status = family::wait(child.as_mut()).await.unwrap();
    drop(pipes);
    assert_eq!(ended(status), Ended::Signalled(family::CPU_IS_UP));
}

#[tokio::test]
async fn one_that_sleeps_gives_its_turn_to_others_and_one_that_burns_keeps_it() {
    for (how, given) in [("park", true), ("spin", false), ("print-on", false)] {
        let turns = std::sync::Arc::new(tokio::sync::Semaphore::new(1));
        let turn = std::sync::Arc::clone(&turns).acquire_owned().await.unwrap();
        let spec = Spec { turn: Some(turn), ..misbehave(&[how]) };
        let mut sink = |_: Stream, _: &[u8]| {};
        let mut child = std::pin::pin!(run(spec, &mut sink));
        let first = tokio::select! {
            biased;
            _ = &mut child => "the child's end",
            _ = turns.acquire() => "the other's turn",
            () = tokio::time::sleep(Duration::from_secs(2)) => "the end of this test",
        };
        assert_eq!(first == "the other's turn", given, "{how}: {first} came first");
    }
}

#[tokio::test]
async fn a_grandchild_that_holds_the_pipe_does_not_hold_the_grader_and_dies() {
    let started = Instant::now();
    let (outcome, out, _) = run_text(misbehave(&["grandchild", "600"])).await;
    assert_eq!(outcome.end, Ended::Exited(0));
    assert!(started.elapsed() < Duration::from_secs(300), "the grandchild was waited for");
    assert!(gone(grandchild_in(&out)).await);
}

#[tokio::test]
async fn dropping_the_future_kills_the_whole_group() {
    let mut out = Vec::new();
    let mut sink = |_, bytes: &[u8]| out.extend_from_slice(bytes);
    {
        let running = run(misbehave(&["grandchild", "600", "print", "\nready", "park"]), &mut sink);
        let cut_short = tokio::time::timeout(Duration::from_secs(2), running).await;
        assert!(cut_short.is_err(), "it parks for ever");
    }
    let out = String::from_utf8(out).unwrap();
    assert!(out.contains("ready"), "{out:?}");
    assert!(gone(grandchild_in(&out)).await);
}

#[tokio::test]
async fn what_cannot_be_started_is_named() {
    let spec = Spec { program: "/no/such/program".into(), ..misbehave(&[]) };
    let error = run(spec, &mut |_, _| {}).await.unwrap_err();
    assert!(error.to_string().contains("/no/such/program"), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn at_low_priority_everything_that_it_starts_is_polite() {
    for (priority, nice) in [(Priority::Normal, ""), (Priority::Low, "19")] {
        // The shell starts `nice` after a while: by then the priority is set.
        let args = ["-c", "sleep 0.3; nice"].map(OsString::from).into();
        let spec = Spec { program: "/bin/sh".into(), args, priority, ..misbehave(&[]) };
        let (_, out, _) = run_text(spec).await;
        assert!(
            out.trim().ends_with(nice) && (nice.is_empty() != (out.trim() == "19")),
            "{priority:?}: {out}"
        );
    }
}
