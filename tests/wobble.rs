//! Wrong answers that burn or nap, graded again and again on a machine that has no time: none is ever accepted.
//!
//! Slow, so it runs only when it is asked for: `cargo test --test wobble -- --ignored --nocapture`. `WOBBLE=200` in the
//! environment grades each 200 times in place of 50.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokiolings::grader::walls::Confinement;
use tokiolings::grader::{Grader, Home, Options};
use tokiolings::verdict::Verdict;
use tokiolings::workbook::{Exercise, Expectation, Fails, Workbook, answers};

/// What hidden tests use that go by what threads do. Everything else is virtual time and counts, which no load changes.
const MEASURES: [&str; 5] = ["Effort", "Blocked", "compete(", "elsewhere(", "stalled("];

/// What a refusal says of an answer that burns or naps.
const RESTLESS: [&str; 10] =
    ["spin", "CPU", "circle", "nap", "got up", "late", "clock", "again and again", "did not sleep", "asks"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn times() -> usize {
    std::env::var("WOBBLE").ok().and_then(|times| times.parse().ok()).unwrap_or(50)
}

/// The wrong answers that compile, of the exercises whose hidden tests measure.
fn wrong(workbook: &Workbook) -> Vec<(Arc<Exercise>, String, String)> {
    let mut found = Vec::new();
    for exercise in workbook.exercises() {
        if !MEASURES.iter().any(|word| exercise.hidden.source.contains(word)) {
            continue;
        }
        for answer in answers(&root(), exercise).unwrap_or_else(|faults| panic!("failed to {faults}")) {
            if let Some(Expectation { fails: Fails::Test(_), .. }) = answer.expectation {
                found.push((Arc::clone(exercise), answer.path, answer.source));
            }
        }
    }
    found
}

/// Grades all of them so many times, and tells how often each was accepted, and how often what refused it differed.
fn wobble(options: Options, how: &str) {
    let workbook = Workbook::read(&root()).unwrap_or_else(|faults| panic!("failed to {faults}"));
    let texts = wrong(&workbook);
    let home = Home::at(Path::new(env!("CARGO_TARGET_TMPDIR")).join("home"));
    let grader = Grader::new(Arc::new(workbook), home, Options { cache: false, ..options });
    let stop = Arc::new(AtomicBool::new(false));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let burners: Vec<_> = (0..cores)
        .map(|_| {
            let stop = Arc::clone(&stop);
            std::thread::spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            })
        })
        .collect();
    let submissions: Vec<(Arc<Exercise>, String)> =
        texts.iter().map(|(exercise, _, source)| (Arc::clone(exercise), source.clone())).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut restless = Vec::new();
    runtime.block_on(grader.repeat_all(&submissions, 1, &|_| {}, &mut |at, verdicts| {
        let said = |verdict: &Verdict| {
            verdict.tests.iter().any(|test| RESTLESS.iter().any(|word| test.message.contains(word)))
        };
        if verdicts.iter().any(|verdict| verdict.passed() || said(verdict)) {
            restless.push(at);
        }
    }));
    restless.sort_unstable();
    let texts: Vec<_> = restless.iter().map(|at| texts[*at].clone()).collect();
    let submissions: Vec<_> = restless.iter().map(|at| submissions[*at].clone()).collect();
    let (mut accepted, mut all) = (Vec::new(), 0);
    runtime.block_on(grader.repeat_all(&submissions, times(), &|_| {}, &mut |at, verdicts| {
        all += verdicts.len();
        let passed = verdicts.iter().filter(|verdict| verdict.passed()).count();
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        for verdict in &verdicts {
            *kinds.entry(refused_by(verdict)).or_default() += 1;
        }
        let kinds: Vec<String> = kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        println!("{how} {}: {passed} of {} accepted; {}", texts[at].1, verdicts.len(), kinds.join(", "));
        if passed > 0 {
            accepted.push(texts[at].1.clone());
        }
    }));
    stop.store(true, Ordering::Relaxed);
    for burner in burners {
        burner.join().expect("it cannot panic");
    }
    println!(
        "{how}: {} answers, {all} gradings, {} answers accepted at least once",
        texts.len(),
        accepted.len()
    );
    assert!(!texts.is_empty());
    assert!(accepted.is_empty(), "{how}: accepted now and then: {accepted:#?}");
}

fn refused_by(verdict: &Verdict) -> String {
    let test = verdict.tests.iter().find(|test| !test.message.is_empty());
    test.map_or_else(
        || verdict.kind.as_str().to_owned(),
        |test| format!("{} ({})", test.name, test.status.as_str()),
    )
}

#[test]
#[ignore = "ten minutes of both cores"]
fn no_wrong_answer_is_accepted_on_a_busy_machine() {
    wobble(Options::default(), "without walls");
    let helper = PathBuf::from(env!("CARGO_BIN_EXE_tokiolings"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    match runtime.block_on(Confinement::probe(helper)) {
        Ok(confinement) => {
            wobble(Options { confinement: Some(confinement), ..Options::default() }, "behind walls");
        }
        Err(missing) => println!("behind walls: not run, since this machine cannot build them: {missing:?}"),
    }
}
