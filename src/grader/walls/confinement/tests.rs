use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::super::stand_by::AHEAD;
use super::*;
use crate::grader::child::process::{Outcome, Stream, run};
use crate::grader::child::proof::Bounds;
use crate::system::family;
use crate::verdict::HangKind;

/// Builds walls, and misbehaves behind them: `cargo build --example misbehave` makes it.
fn misbehave() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    tests.parent().and_then(std::path::Path::parent).unwrap().join("examples/misbehave")
}

/// Where this machine can build walls.
async fn confinement() -> Option<Confinement> {
    let probed = Confinement::probe(misbehave()).await;
    probed.inspect_err(|Unconfinable(missing)| println!("not confined: {missing:?}")).ok()
}

/// Runs the fixture behind the walls of a hidden test. Gives what came of it, and its output.
async fn behind(
    confinement: &Confinement,
    words: &[&str],
    change: impl FnOnce(&mut Spec),
) -> (Outcome, String) {
    let trap = Trap::lay().unwrap();
    let mut walls = Walls { limits: Limits::test(10), ..probed(&trap) };
    walls.execute.push(misbehave());
    let mut spec = Spec {
        program: misbehave().into(),
        args: words.iter().map(OsString::from).collect(),
        cwd: trap.scratch(),
        merged: true,
        limit: Duration::from_secs(20),
        ..Spec::default()
    };
    change(&mut spec);
    let mut output = String::new();
    let mut sink = |_: Stream, bytes: &[u8]| output.push_str(&String::from_utf8_lossy(bytes));
    let outcome = run(confinement.enclose(&walls, spec), &mut sink).await.unwrap();
    (outcome, output)
}

#[tokio::test]
async fn it_ends_as_the_child_ended() {
    let Some(confinement) = confinement().await else { return };
    let ends = [
        (&["print", "hello"] as &[&str], Ended::Exited(0), "hello"),
        (&["complain", "no", "exit", "125"], Ended::Exited(125), "no"),
        (&["abort"], Ended::Signalled(6), ""),
        (&["kill-group"], Ended::Signalled(9), ""),
    ];
    for (words, end, said) in ends {
        let (outcome, output) = behind(&confinement, words, |_| {}).await;
        assert_eq!((outcome.end, output.as_str()), (end, said), "{words:?}");
    }
}

#[tokio::test]
async fn a_hang_is_explained_by_the_childs_threads_alone() {
    let Some(confinement) = confinement().await else { return };
    for (how, kind) in [("park", HangKind::Parked), ("spin", HangKind::Spinning)] {
        let explained = |spec: &mut Spec| {
            spec.limit = Duration::from_millis(800);
            let phase = std::sync::Arc::default();
            let cpu = Duration::from_secs(60);
            spec.bounds =
                Some(Bounds { cpu, asleep: cpu, clock: None, phase, company: std::sync::Arc::default() });
        };
        let (outcome, _) = behind(&confinement, &[how], explained).await;
        let Ended::TimedOut(Some(hang)) = outcome.end else { panic!("{:?}", outcome.end) };
        assert_eq!((hang.kind, hang.threads), (kind, 1));
    }
}

#[tokio::test]
async fn what_is_not_shown_is_not_there() {
    let Some(confinement) = confinement().await else { return };
    // The fixture starts a copy of itself; behind these walls there are no copies.
    let (outcome, output) = behind(&confinement, &["grandchild", "1"], |_| {}).await;
    assert!(output.contains("a program knows where it is"), "{:?}: {output}", outcome.end);
}

#[tokio::test]
async fn walls_that_cannot_be_built_are_not_the_childs_doing() {
    let Some(confinement) = confinement().await else { return };
    let trap = Trap::lay().unwrap();
    let mut walls = probed(&trap);
    walls.read.push(trap.scratch().join("gone"));
    let spec = confinement.enclose(&walls, Spec { limit: Duration::from_secs(20), ..Spec::default() });
    let error = run(spec, &mut |_, _| {}).await.unwrap_err().source.to_string();
    assert!(error.contains("no sandbox: files: cannot show") && error.contains("gone"), "{error}");
}

#[tokio::test]
async fn who_stands_ready_takes_the_next_order_and_one_that_was_killed_takes_none() {
    let Some(confinement) = confinement().await else { return };
    let count = || confinement.by.waiting().len();
    confinement.by.make_ready(2).await;
    assert_eq!(count(), 2);
    let (outcome, output) = behind(&confinement, &["print", "one"], |_| {}).await;
    assert_eq!((outcome.end, output.as_str(), count()), (Ended::Exited(0), "one", 1));
    let mut killed: Vec<_> = confinement.by.waiting().drain(..).collect();
    Box::into_pin(killed[0].child.kill()).await.unwrap();
    confinement.by.waiting().extend(killed);
    let (outcome, output) = behind(&confinement, &["print", "two"], |_| {}).await;
    assert_eq!((outcome.end, output.as_str(), count()), (Ended::Exited(0), "two", 0));
}

/// Runs the fixture in these walls, as the program of that path.
async fn within(walls: &Enclosure, program: &Path, words: &[&str]) -> Result<(Outcome, String), String> {
    let spec = Spec {
        program: program.into(),
        args: words.iter().map(OsString::from).collect(),
        merged: true,
        limit: Duration::from_secs(20),
        ..Spec::default()
    };
    let mut output = String::new();
    let mut sink = |_: Stream, bytes: &[u8]| output.push_str(&String::from_utf8_lossy(bytes));
    match run(walls.enclose(spec), &mut sink).await {
        Ok(outcome) => Ok((outcome, output)),
        Err(error) => Err(error.source.to_string()),
    }
}

#[tokio::test]
async fn walls_that_stand_before_there_is_a_program_serve_one_child_each() {
    let Some(confinement) = confinement().await else { return };
    let (trap, programs) = (Trap::lay().unwrap(), tempfile::tempdir().unwrap());
    std::fs::set_permissions(programs.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let mut walls = Walls { limits: Limits::test(10), ..probed(&trap) };
    walls.execute.push(programs.path().to_owned());
    let enclosure = confinement.enclosure(&walls);
    enclosure.0.build_ahead(3).await;
    let built = || enclosure.0.ahead().len();
    assert_eq!((built(), confinement.by.may_build()), (3, AHEAD - 3));
    let program = programs.path().join("program");
    std::fs::copy(misbehave(), &program).unwrap();
    let (outcome, output) = within(&enclosure, &program, &["print", "one"]).await.unwrap();
    assert_eq!((outcome.end, output.as_str(), built()), (Ended::Exited(0), "one", 2));
    let last = enclosure.0.ahead().len() - 1;
    let mut killed = enclosure.0.ahead().remove(last);
    Box::into_pin(killed.0.child.kill()).await.unwrap();
    enclosure.0.ahead().push(killed);
    let (outcome, output) = within(&enclosure, &program, &["complain", "two", "exit", "7"]).await.unwrap();
    assert_eq!((outcome.end, output.as_str(), built()), (Ended::Exited(7), "two", 0));
    let (outcome, output) = within(&enclosure, &program, &["print", "three"]).await.unwrap();
    assert_eq!((outcome.end, output.as_str()), (Ended::Exited(0), "three"));
    assert_eq!(confinement.by.may_build(), AHEAD);
}

#[tokio::test]
async fn walls_that_cannot_be_built_ahead_are_told_to_whoever_needs_them() {
    let Some(confinement) = confinement().await else { return };
    let trap = Trap::lay().unwrap();
    let mut walls = probed(&trap);
    walls.read.push(trap.scratch().join("gone"));
    let enclosure = confinement.enclosure(&walls);
    enclosure.0.build_ahead(1).await;
    let error = within(&enclosure, &misbehave(), &["print", "one"]).await.unwrap_err();
    assert!(error.contains("no sandbox: files: cannot show") && error.contains("gone"), "{error}");
    // What only the child can find is told by `outside`.
    let closed = trap.scratch().with_file_name("closed");
    std::fs::create_dir(&closed).unwrap();
    std::fs::set_permissions(&closed, std::os::unix::fs::PermissionsExt::from_mode(0o000)).unwrap();
    let mut walls = probed(&trap);
    walls.read.push(closed);
    let enclosure = confinement.enclosure(&walls);
    enclosure.0.build_ahead(1).await;
    let error = within(&enclosure, &misbehave(), &["print", "one"]).await.unwrap_err();
    assert!(
        error.contains("no sandbox: files: the user nobody cannot use") && error.contains("closed"),
        "{error}"
    );
}

#[test]
fn what_a_runtime_has_made_ready_is_of_no_use_to_the_next() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let Some(confinement) = runtime().block_on(async {
        let confinement = confinement().await?;
        confinement.by.make_ready(2).await;
        Some(confinement)
    }) else {
        return;
    };
    let (outcome, output) = runtime().block_on(behind(&confinement, &["print", "one"], |_| {}));
    assert_eq!((outcome.end, output.as_str()), (Ended::Exited(0), "one"));
}

/// Makes a hole in the walls; the probe must say all of that about it.
type Hole = (fn(&mut Walls, &Trap), &'static [&'static str]);

#[tokio::test]
async fn a_probe_finds_each_hole() {
    let Some(confinement) = confinement().await else { return };
    let holes: &[Hole] = &[
        (|walls, trap| walls.read.push(trap.bait().file), &["reads a file outside"]),
        (
            |walls, trap| walls.write.push(trap.bait().file),
            &["reads a file outside", "writes a file outside"],
        ),
        (|walls, _| walls.limits.scratch = 64 << 20, &["takes more memory for files than it may"]),
        (|walls, _| walls.children = true, &["changes the mode of a file in its folder", "starts a process"]),
        (
            |walls, _| (walls.limits.threads, walls.limits.memory) = (20_000, 1 << 40),
            &["starts 10,000 threads"],
        ),
    ];
    for (make, found) in holes {
        let trap = Trap::lay().unwrap();
        let mut walls = probed(&trap);
        make(&mut walls, &trap);
        let said = confinement.attack(&trap, walls).await.unwrap_err().join("\n");
        for what in *found {
            assert!(said.contains(what), "{what}: {said}");
        }
    }
}

#[tokio::test]
async fn who_ends_the_outside_ends_all() {
    let Some(confinement) = confinement().await else { return };
    let mut running = Box::pin(behind(&confinement, &["print", "ready", "park"], |_| {}));
    let mut found = Vec::new();
    while found.is_empty() {
        assert!(tokio::time::timeout(Duration::from_millis(20), &mut running).await.is_err(), "it parks");
        found = parked("ready");
    }
    assert_eq!(found.len(), 3, "outside, first and inside: {found:?}");
    drop(running);
    // KILL needs a moment.
    while found.iter().any(|process| process.exists()) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn the_child_has_a_session_of_its_own_no_core_file_and_is_ended_first() {
    let Some(confinement) = confinement().await else { return };
    let mut running = Box::pin(behind(&confinement, &["print", "session", "park"], |_| {}));
    let child = loop {
        assert!(tokio::time::timeout(Duration::from_millis(20), &mut running).await.is_err(), "it parks");
        let found =
            parked("session").into_iter().find(|path| read(path, "cmdline").ends_with("session\0park\0"));
        if let Some(child) = found {
            break child;
        }
    };
    assert_eq!(read(&child, "oom_score_adj").trim(), "1000");
    let limits = read(&child, "limits");
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().nth(4), Some("1"));
    // Behind the command: state, parent, group, session.
    let stat = read(&child, "stat");
    let session = stat.rsplit_once(')').unwrap().1.split_whitespace().nth(3).unwrap();
    assert_eq!(child.file_name().unwrap(), session);
}

fn read(process: &std::path::Path, file: &str) -> String {
    std::fs::read_to_string(process.join(file)).unwrap_or_default()
}

/// The processes that were to print this word and have begun to park, and those that build their walls.
fn parked(word: &str) -> Vec<PathBuf> {
    let end = format!("{word}\0park\0");
    let own = family::children(Path::new("/proc/self")).unwrap();
    let of_one = |outside: &family::Id| {
        let others: Vec<PathBuf> =
            family::children(&family::folder(*outside))?.into_iter().map(family::folder).collect();
        let parks = |folder: &PathBuf| {
            std::fs::read_to_string(folder.join("cmdline")).is_ok_and(|line| line.ends_with(&end))
        };
        others.iter().any(parks).then(|| [vec![family::folder(*outside)], others].concat())
    };
    own.iter().filter_map(of_one).flatten().collect()
}
