//! Every exercise of this repository, graded: the starter is refused, the solution and each right answer are accepted,
//! each wrong answer is refused by the test that it names with the message that it names. They are graded together; alone each
//! must be found the same. Two of each exercise are looked at in every run, others each day, and all of them by
//! `cargo test --test conformance -- --ignored`.
//!
//! Some wrong answers quote the compiler. Whether another one says so, too, without grading the rest:
//! `TOKIOLINGS_RUSTC=/usr/bin/rustc cargo test --test conformance does_not_compile`.

#[path = "sample/day.rs"]
mod day;

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use day::Day;
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};
use tokiolings::author::{comparable, refused_as, said, same};
use tokiolings::grader::{Grader, Home, Options, Source};
use tokiolings::verdict::{Kind, Verdict};
use tokiolings::workbook::{Exercise, Expectation, Fails, Workbook, answers};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// So often is graded what was found different, before it counts as different.
const TIMES: usize = 6;

/// So many of one submission share a program then.
const COPIES: usize = 4;

type Submission = (Arc<Exercise>, Source);

/// So many answers to each exercise are graded alone in every run.
const SAMPLE: usize = 2;

/// What somebody could hand in, and the verdict on it.
struct Graded {
    what: What,
    name: String,
    submission: Submission,
    together: Verdict,
}

#[derive(Clone)]
enum What {
    /// With what it is declared to fail at.
    Starter(Option<Fails>),
    Solution,
    Right,
    Wrong(Expectation),
}

static GRADER: LazyLock<Grader> = LazyLock::new(|| {
    let workbook = Workbook::read(&root()).unwrap_or_else(|faults| panic!("failed to {faults}"));
    let home = Home::at(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("home"));
    // Verdicts from an earlier run would hide what a change of the grader breaks.
    Grader::new(Arc::new(workbook), home, Options { cache: false, ..Options::default() })
});

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime"));

/// What the compiler is to refuse, graded once for all tests of this file.
static UNCOMPILED: LazyLock<Vec<Graded>> = LazyLock::new(|| graded(What::does_not_compile));

/// Everything else that the repository holds.
static COMPILED: LazyLock<Vec<Graded>> = LazyLock::new(|| graded(|what| !what.does_not_compile()));

impl What {
    fn does_not_compile(&self) -> bool {
        match self {
            Self::Starter(fails) => matches!(fails, Some(Fails::Compile(_))),
            Self::Wrong(expectation) => matches!(expectation.fails, Fails::Compile(_)),
            Self::Solution | Self::Right => false,
        }
    }
}

fn graded(chosen: impl Fn(&What) -> bool) -> Vec<Graded> {
    let mut submissions = Vec::new();
    let mut about = Vec::new();
    for exercise in GRADER.workbook().exercises() {
        let mut add = |what: What, name: String, source: &str| {
            if !chosen(&what) {
                return;
            }
            submissions.push((Arc::clone(exercise), Source::Text(source.to_owned())));
            about.push((what, name));
        };
        let found = answers(&root(), exercise).unwrap_or_else(|error| panic!("{}: {error}", exercise.name));
        add(
            What::Starter(exercise.starter_fails.clone()),
            format!("the starter of {}", exercise.name),
            &exercise.starter,
        );
        add(What::Solution, format!("the solution of {}", exercise.name), &exercise.solution);
        for answer in found {
            let what = answer.expectation.clone().map_or(What::Right, What::Wrong);
            add(what, answer.path, &answer.source);
        }
    }
    let together = grade(Way::Together, &submissions);
    let graded = submissions.into_iter().zip(together);
    about
        .into_iter()
        .zip(graded)
        .map(|((what, name), (submission, together))| Graded { what, name, submission, together })
        .collect()
}

/// How many submissions are graded.
#[derive(Clone, Copy)]
enum Way {
    /// Each is compiled with hidden tests of its own.
    Alone,
    /// The hidden tests of several are one program.
    Together,
}

fn grade(way: Way, submissions: &[Submission]) -> Vec<Verdict> {
    let mut verdicts: Vec<Option<Verdict>> = vec![None; submissions.len()];
    let mut done = |at: usize, verdict| verdicts[at] = Some(verdict);
    RUNTIME.block_on(async {
        match way {
            Way::Alone => GRADER.grade_each(submissions, &|_| {}, &mut done).await,
            Way::Together => GRADER.grade_all(submissions, &|_| {}, &mut done).await,
        }
    });
    let found = |(verdict, (exercise, _)): (Option<Verdict>, &Submission)| {
        verdict.unwrap_or_else(|| panic!("a text of {} has no verdict", exercise.name))
    };
    verdicts.into_iter().zip(submissions).map(found).collect()
}

/// What `complain` says about the submissions of one kind among those.
fn complaints(
    among: &'static [Graded],
    of_kind: impl Fn(&What) -> bool,
    complain: impl FnMut(&'static Graded) -> Option<String>,
) -> Vec<String> {
    let chosen: Vec<&Graded> = among.iter().filter(|graded| of_kind(&graded.what)).collect();
    assert!(!chosen.is_empty(), "nothing to grade");
    chosen.into_iter().filter_map(complain).collect()
}

fn must_pass(Graded { name, together, .. }: &Graded) -> Option<String> {
    (!together.passed()).then(|| format!("{name} is {}: {}", together.kind.as_str(), said(together)))
}

fn must_fail_as_declared(Graded { what, name, together, .. }: &Graded) -> Option<String> {
    let What::Starter(Some(fails)) = what else {
        return Some(format!("{name} is not declared to fail at anything"));
    };
    let expectation = Expectation { fails: fails.clone(), says: String::new() };
    (together.kind == Kind::Broken || !refused_as(&expectation, together)).then(|| {
        format!("{name} should fail at {fails:?}, but is {}: {}", together.kind.as_str(), said(together))
    })
}

fn must_be_refused_as_it_says(Graded { what, name, together, .. }: &Graded) -> Option<String> {
    let What::Wrong(expectation) = what else { return None };
    (!refused_as(expectation, together)).then(|| {
        let (kind, said) = (together.kind.as_str(), said(together));
        format!("{name} should say {expectation:?}, but is {kind}: {said}")
    })
}

/// Apart from the others, so that it can be asked of a second compiler as well.
#[test]
fn what_does_not_compile_is_refused_as_it_says() {
    let compiler = RUNTIME.block_on(GRADER.compiler()).unwrap_or_else(|broken| panic!("{broken:?}"));
    println!("{} texts that do not compile, with {compiler}", UNCOMPILED.len());
    let starters = complaints(&UNCOMPILED, |what| matches!(what, What::Starter(_)), must_fail_as_declared);
    let wrong = complaints(&UNCOMPILED, |what| matches!(what, What::Wrong(_)), must_be_refused_as_it_says);
    let complaints = [starters, wrong].concat();
    assert!(complaints.is_empty(), "with {compiler}\n{}", complaints.join("\n"));
}

#[test]
fn starters_are_refused_as_declared() {
    let complaints = complaints(&COMPILED, |what| matches!(what, What::Starter(_)), must_fail_as_declared);
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn solutions_are_accepted() {
    let complaints = complaints(&COMPILED, |what| matches!(what, What::Solution), must_pass);
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn right_answers_are_accepted() {
    let complaints = complaints(&COMPILED, |what| matches!(what, What::Right), must_pass);
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn wrong_answers_are_refused_as_they_say() {
    let complaints = complaints(&COMPILED, |what| matches!(what, What::Wrong(_)), must_be_refused_as_it_says);
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn alone_a_sample_is_judged_as_together() {
    let day = Day::today();
    let sample = GRADER.workbook().exercises().flat_map(|exercise| {
        let of_exercise =
            everything().filter(|graded| graded.submission.0.name == exercise.name).collect::<Vec<_>>();
        day.draw(of_exercise, SAMPLE, |graded| graded.name.clone())
    });
    judged_the_same(sample.collect());
}

#[test]
#[ignore = "the whole corpus once more: ten minutes of both cores"]
fn alone_everything_is_judged_as_together() {
    judged_the_same(everything().collect());
}

fn everything() -> impl Iterator<Item = &'static Graded> {
    COMPILED.iter().chain(UNCOMPILED.iter())
}

fn judged_the_same(chosen: Vec<&'static Graded>) {
    assert!(!chosen.is_empty(), "nothing to grade");
    let submissions: Vec<Submission> = chosen.iter().map(|graded| graded.submission.clone()).collect();
    let alone = grade(Way::Alone, &submissions);
    /// What was found, time by time.
    struct Found {
        graded: &'static Graded,
        alone: Vec<Value>,
        together: Vec<Value>,
    }
    let differ = |found: &Found| !same(&found.alone, &found.together);
    let mut differing: Vec<Found> = chosen
        .into_iter()
        .zip(alone)
        .map(|(graded, alone)| {
            let (alone, together) = (vec![comparable(&alone)], vec![comparable(&graded.together)]);
            Found { graded, alone, together }
        })
        .filter(differ)
        .collect();
    let wobbling: Vec<&str> = differing.iter().map(|found| found.graded.name.as_str()).collect();
    println!("not the same every time: {wobbling:?}");
    for _ in 1..TIMES {
        let submissions: Vec<Submission> =
            differing.iter().map(|found| found.graded.submission.clone()).collect();
        // A program needs several.
        let copies: Vec<Submission> =
            submissions.iter().flat_map(|submission| vec![submission.clone(); COPIES]).collect();
        let alone = grade(Way::Alone, &submissions);
        let together = grade(Way::Together, &copies);
        for (at, (found, verdict)) in differing.iter_mut().zip(alone).enumerate() {
            found.alone.push(comparable(&verdict));
            found.together.push(comparable(&together[at * COPIES]));
        }
        differing.retain(differ);
    }
    let complaints: Vec<String> = differing
        .iter()
        .map(|Found { graded, alone, together }| {
            format!("{}\nalone:    {:#?}\ntogether: {:#?}", graded.name, alone[0], together[0])
        })
        .collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}
