//! Every exercise of this repository, graded: the starter is refused, the solution and each right answer are accepted,
//! each wrong answer is refused by the test that it names with the message that it names. They are graded together; alone each
//! must be found the same. Every run grades each starter, each solution, and of each exercise's answers a sample, another one each
//! day; `cargo test --test conformance -- --ignored` grades all the others, and a quarter of everything alone.
//!
//! Some wrong answers quote the compiler. Whether another one says so, too, without grading the rest:
//! `TOKIOLINGS_RUSTC=/usr/bin/rustc cargo test --test conformance does_not_compile`.

#[path = "sample/day.rs"]
mod day;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::slice;
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

/// So many right and so many wrong answers to each exercise are graded in every run, beside what does not compile: that is quick.
const RIGHT: usize = 1;
const WRONG: usize = 2;

/// So many texts of each exercise are graded alone in every run.
const ALONE: usize = 1;

/// Part of all texts that is graded alone with the rest.
const PART: usize = 4;

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

static DAY: LazyLock<Day> = LazyLock::new(Day::today);

/// What the compiler is to refuse, graded once for all tests of this file.
static UNCOMPILED: LazyLock<Vec<Graded>> = LazyLock::new(|| graded(Part::Uncompiled));

/// What else is graded in every run.
static SAMPLE: LazyLock<Vec<Graded>> = LazyLock::new(|| graded(Part::Sample));

/// Everything else that the repository holds.
static REST: LazyLock<Vec<Graded>> = LazyLock::new(|| graded(Part::Rest));

impl What {
    fn does_not_compile(&self) -> bool {
        match self {
            Self::Starter(fails) => matches!(fails, Some(Fails::Compile(_))),
            Self::Wrong(expectation) => matches!(expectation.fails, Fails::Compile(_)),
            Self::Solution | Self::Right => false,
        }
    }
}

/// What somebody could hand in for an exercise.
struct Text {
    what: What,
    name: String,
    source: String,
}

#[derive(Clone, Copy)]
enum Part {
    Uncompiled,
    Sample,
    Rest,
}

impl Part {
    /// What belongs to this part, of all that there is for one exercise.
    fn of(self, texts: Vec<Text>) -> Vec<Text> {
        let (uncompiled, compiled): (Vec<_>, Vec<_>) =
            texts.into_iter().partition(|text| text.what.does_not_compile());
        let (right, compiled): (Vec<_>, Vec<_>) =
            compiled.into_iter().partition(|text| matches!(text.what, What::Right));
        let (wrong, always): (Vec<_>, Vec<_>) =
            compiled.into_iter().partition(|text| matches!(text.what, What::Wrong(_)));
        let [(right, more_right), (wrong, more_wrong)] = [(right, RIGHT), (wrong, WRONG)]
            .map(|(texts, count)| DAY.split(texts, count, |text| text.name.clone()));
        match self {
            Self::Uncompiled => uncompiled,
            Self::Sample => [always, right, wrong].into_iter().flatten().collect(),
            Self::Rest => [more_right, more_wrong].into_iter().flatten().collect(),
        }
    }
}

fn graded(part: Part) -> Vec<Graded> {
    let mut submissions = Vec::new();
    let mut about = Vec::new();
    for exercise in GRADER.workbook().exercises() {
        let found = answers(&root(), exercise).unwrap_or_else(|error| panic!("{}: {error}", exercise.name));
        let starter = Text {
            what: What::Starter(exercise.starter_fails.clone()),
            name: format!("the starter of {}", exercise.name),
            source: exercise.starter.clone(),
        };
        let solution = Text {
            what: What::Solution,
            name: format!("the solution of {}", exercise.name),
            source: exercise.solution.clone(),
        };
        let answers = found.into_iter().map(|answer| Text {
            what: answer.expectation.map_or(What::Right, What::Wrong),
            name: answer.path,
            source: answer.source,
        });
        for text in part.of([starter, solution].into_iter().chain(answers).collect()) {
            submissions.push((Arc::clone(exercise), Source::Text(text.source)));
            about.push((text.what, text.name));
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

/// A wrong answer that is accepted is never graded again. One that is refused in other words is, once: beside a thousand others,
/// one test now and then comes later than the one that explains best, and learners are graded alone.
fn must_be_refused_as_it_says(Graded { what, name, submission, together }: &Graded) -> Option<String> {
    let What::Wrong(expectation) = what else { return None };
    if refused_as(expectation, together) {
        return None;
    }
    let complaint = |verdict: &Verdict| {
        format!("{name} should say {expectation:?}, but is {}: {}", verdict.kind.as_str(), said(verdict))
    };
    if together.passed() || together.kind == Kind::Broken {
        return Some(complaint(together));
    }
    let again = grade(Way::Alone, slice::from_ref(submission)).remove(0);
    println!("graded again: {}", complaint(together));
    (!refused_as(expectation, &again)).then(|| complaint(&again))
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
    let complaints = complaints(&SAMPLE, |what| matches!(what, What::Starter(_)), must_fail_as_declared);
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn solutions_are_accepted() {
    let complaints = complaints(&SAMPLE, |what| matches!(what, What::Solution), must_pass);
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

fn right_answers_are_accepted(among: &'static [Graded]) {
    let complaints = complaints(among, |what| matches!(what, What::Right), must_pass);
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

fn wrong_answers_are_refused_as_they_say(among: &'static [Graded]) {
    let complaints = complaints(among, |what| matches!(what, What::Wrong(_)), must_be_refused_as_it_says);
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn a_sample_of_right_answers_is_accepted() {
    right_answers_are_accepted(&SAMPLE);
}

#[test]
fn a_sample_of_wrong_answers_is_refused_as_it_says() {
    wrong_answers_are_refused_as_they_say(&SAMPLE);
}

#[test]
#[ignore = "most of the corpus: minutes of both cores"]
fn all_other_right_answers_are_accepted() {
    right_answers_are_accepted(&REST);
}

#[test]
#[ignore = "most of the corpus: minutes of both cores"]
fn all_other_wrong_answers_are_refused_as_they_say() {
    wrong_answers_are_refused_as_they_say(&REST);
}

#[test]
fn alone_a_sample_is_judged_as_together() {
    judged_the_same(drawn(SAMPLE.iter().chain(UNCOMPILED.iter()), |_| ALONE));
}

#[test]
#[ignore = "a quarter of the corpus once more: minutes of both cores"]
fn alone_a_part_is_judged_as_together() {
    let all = REST.iter().chain(SAMPLE.iter()).chain(UNCOMPILED.iter());
    judged_the_same(drawn(all, |of_exercise| of_exercise.div_ceil(PART)));
}

/// A sample of each exercise.
fn drawn(
    among: impl Iterator<Item = &'static Graded>,
    count: impl Fn(usize) -> usize,
) -> Vec<&'static Graded> {
    let mut by_exercise: BTreeMap<&str, Vec<&'static Graded>> = BTreeMap::new();
    for graded in among {
        by_exercise.entry(&graded.submission.0.name).or_default().push(graded);
    }
    let drawn = by_exercise.into_values().flat_map(|of_exercise| {
        let count = count(of_exercise.len());
        DAY.split(of_exercise, count, |graded| graded.name.clone()).0
    });
    drawn.collect()
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
