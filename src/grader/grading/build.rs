//! One grading from source to evidence: compile the submission, compile the hidden tests against it, run them.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use futures_util::future::join_all;

use super::source::Source;
use super::trial::{self, Trial};
use crate::grader::activity::Activity;
use crate::grader::bench::Grading;
use crate::grader::bench::draws::Seed;
use crate::grader::bench::layout::{LIBRARY, SUBMISSION};
use crate::grader::compile::controlled;
use crate::grader::compile::rustc::{self, Linked, Unit};
use crate::grader::compile::unsafety;
use crate::grader::run::child::TestWalls;
use crate::grader::run::execute;
use crate::grader::run::execute::{SideBySide, TestProgram};
use crate::grader::store::files;
use crate::grader::store::home::Slot;
use crate::grader::walls::Enclosure;
use crate::verdict::{Attempt, Broken, CompileEnd, Compiled, Diagnostic, Evidence, Place, Run};
use crate::workbook::{Exercise, HiddenTest, LearnersTests, MAX_SOURCE};

/// Reads a submission. Text that no compiler should see is refused with evidence of its own.
pub(in crate::grader) fn read_source(
    exercise: &Exercise,
    source: &Source,
) -> Result<Result<String, Evidence>, Broken> {
    let path = match source {
        Source::Text(text) if text.len() as u64 > MAX_SOURCE => {
            return Ok(Err(too_long(exercise, text.len() as u64)));
        }
        Source::Text(text) => return Ok(Ok(text.clone())),
        Source::Path(path) => path,
    };
    let unreadable = |error: std::io::Error| Broken {
        problem: format!("cannot read {}: {error}", path.display()),
        remedy: format!("put the file back; `tokiolings reset {}` writes the starter", exercise.name),
    };
    let data = fs::metadata(path).map_err(unreadable)?;
    if !data.is_file() {
        return Err(unreadable(std::io::Error::other("it is not a regular file")));
    }
    if data.len() > MAX_SOURCE {
        return Ok(Err(too_long(exercise, data.len())));
    }
    let bytes = fs::read(path).map_err(unreadable)?;
    Ok(String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + good.iter().filter(|byte| **byte == b'\n').count();
        refused(exercise, line, "the file is not valid UTF-8; save it as UTF-8")
    }))
}

fn too_long(exercise: &Exercise, length: u64) -> Evidence {
    refused(exercise, 1, &format!("the file has {length} bytes; at most {MAX_SOURCE} are compiled"))
}

fn refused(exercise: &Exercise, line: usize, message: &str) -> Evidence {
    let place = Place { file: exercise.path(), line, column: 1 };
    Evidence::refused(Diagnostic::error(None, message, place))
}

/// A submission that has been compiled, or has been refused by the compiler.
pub(in crate::grader) struct Submitted {
    pub(in crate::grader) slot: Slot,
    submission: Vec<Compiled>,
    /// Where its hidden tests will be compiled, alone, if submissions are behind walls.
    walls: Option<Enclosure>,
    /// What its hidden tests draw from; without it, from the system's random numbers.
    seed: Option<Seed>,
    /// What somebody should look at.
    review: Option<String>,
    /// The learner's own tests, where they are what is graded.
    learners: Option<LearnersTests>,
}

impl Submitted {
    /// Whether hidden tests can be compiled against it.
    pub(in crate::grader) fn compiled(&self) -> bool {
        self.submission.iter().all(succeeded)
    }

    /// What the compiler said.
    pub(in crate::grader) fn diagnostics(&self) -> Vec<Diagnostic> {
        self.submission.iter().flat_map(|compiled| compiled.diagnostics.clone()).collect()
    }

    /// As hidden tests see it, under that name.
    pub(in crate::grader) fn linked(&self, name: &str) -> Linked {
        linked(&self.slot.root, name)
    }

    /// The evidence when its hidden tests were not run: they were not compiled, or did not compile.
    pub(in crate::grader) fn evidence(&self, hidden: Option<Compiled>) -> Evidence {
        self.evidence_of(hidden, Vec::new(), Vec::new(), Duration::ZERO)
    }

    fn evidence_of(
        &self,
        hidden: Option<Compiled>,
        attempts: Vec<Attempt>,
        runs: Vec<Run>,
        testing: Duration,
    ) -> Evidence {
        let (submission, review) = (self.submission.clone(), self.review.clone());
        let compiling: Duration = submission.iter().chain(&hidden).map(|compiled| compiled.took).sum();
        Evidence::Seen { submission, review, hidden, runs, attempts, testing, total: compiling + testing }
    }
}

fn linked(slot: &Path, name: &str) -> Linked {
    Linked { name: name.to_owned(), library: slot.join(SUBMISSION).join(LIBRARY), beside: None }
}

/// The name that a submission has for its hidden tests when they are compiled alone.
const ALONE: &str = "exercise";

/// Compiles once and runs the hidden tests so many times; once is enough when something does not compile.
pub(in crate::grader) async fn gather(
    grading: &Grading<'_>,
    source: &str,
    times: usize,
) -> Result<Vec<Evidence>, Broken> {
    // A verdict's time is that of its own grading; building dependencies happens once.
    let started = Instant::now();
    let submitted = submit(grading, source).await?;
    let mut evidence = finish_alone(grading, &submitted, times).await?;
    if let [Evidence::Seen { total, .. }] = evidence.as_mut_slice() {
        *total = started.elapsed();
    }
    Ok(evidence)
}

/// Compiles a submission.
pub(in crate::grader) async fn submit(grading: &Grading<'_>, source: &str) -> Result<Submitted, Broken> {
    let Grading { bench, exercise, .. } = grading;
    let slot = bench.slot(&exercise.chapter, &exercise.name)?;
    let folder = slot.root.join(SUBMISSION);
    if bench.options.confinement.is_some() {
        // Behind walls another person's submission may have been here before.
        files::remove(&folder)?;
    }
    files::write(&folder.join(exercise.path()), source)?;
    (grading.watch)(Activity::Compiling);
    let alone = [linked(&slot.root, ALONE)];
    let walls = match exercise.subject {
        // What they will be compiled against is not known yet.
        Some(_) => None,
        None => rustc::enclosure(bench, &slot.root, Unit::HiddenTests(&alone))?,
    };
    let compiling = compile_submission(grading, &slot.root);
    let mut submission = match &walls {
        Some(walls) => walls.building_ahead(1, compiling).await?,
        None => compiling.await?,
    };
    let (mut review, mut learners) = (None, None);
    if !exercise.allow_unsafe && submission.iter().all(succeeded) {
        let look = unsafety::look(source, &exercise.path());
        review = look.review;
        submission.extend(look.refused.map(|found| Compiled {
            end: CompileEnd::Failed,
            diagnostics: vec![found],
            took: Duration::ZERO,
        }));
    }
    if let Some(subject) = exercise.subject.as_deref().filter(|_| submission.iter().all(succeeded)) {
        match look_at_tests(exercise, subject, source) {
            Ok((tests, doubtful)) => (learners, review) = (Some(tests), review.or(doubtful)),
            Err(found) => submission.push(Compiled {
                end: CompileEnd::Failed,
                diagnostics: vec![*found],
                took: Duration::ZERO,
            }),
        }
    }
    let seed = bench.seed.map(|seed| seed.of_text(exercise, source));
    let submitted = Submitted { slot, submission, walls, seed, review, learners };
    (grading.watch)(Activity::Diagnosed(submitted.diagnostics()));
    Ok(submitted)
}

/// The tests that a learner has written, and what somebody should look at in their text.
fn look_at_tests(
    exercise: &Exercise,
    subject: &str,
    source: &str,
) -> Result<(LearnersTests, Option<String>), Box<Diagnostic>> {
    let look = unsafety::look_at_tests(source, &exercise.path());
    if let Some(refused) = look.refused {
        return Err(Box::new(refused));
    }
    match LearnersTests::read(source, subject) {
        Ok(tests) => Ok((tests, look.review)),
        Err((line, problem)) => {
            let place = Place { file: exercise.path(), line, column: 1 };
            Err(Box::new(Diagnostic::error(None, &problem, place)))
        }
    }
}

/// Compiles the hidden tests against one submission alone, and runs them.
pub(in crate::grader) async fn finish_alone(
    grading: &Grading<'_>,
    submitted: &Submitted,
    times: usize,
) -> Result<Vec<Evidence>, Broken> {
    if !submitted.compiled() {
        return Ok(vec![submitted.evidence(None)]);
    }
    let slot = &submitted.slot.root;
    let Exercise { hidden, .. } = grading.exercise;
    let trial = match trial(grading, submitted).await? {
        Some(trial) if !succeeded(&trial.compiled) => {
            return Ok(vec![submitted.evidence(Some(trial.compiled))]);
        }
        trial => trial,
    };
    let (linked, text, before) = match trial {
        Some(trial) => ([trial.linked], trial.program, trial.compiled.took),
        None => ([submitted.linked(ALONE)], hidden.program(), Duration::ZERO),
    };
    let program = TestProgram {
        binary: controlled::program(slot),
        module: None,
        walls: TestWalls::new(grading, slot)?,
    };
    let linking = controlled::link(&grading.bench, slot, &text, &linked, submitted.walls.as_ref());
    let said = match &program.walls {
        Some(walls) => walls.building_ahead(hidden.tests().len(), linking).await?,
        None => linking.await?,
    };
    if said.end == CompileEnd::Failed
        && grading.exercise.subject.is_none()
        && let Some((line, problem)) = hidden.syntax_error()
    {
        return Err(unusable(grading.exercise, line, &problem));
    }
    let mut hidden = said.of_hidden_tests();
    hidden.took += before;
    if !succeeded(&hidden) {
        return Ok(vec![submitted.evidence(Some(hidden))]);
    }
    finish(grading, submitted, &hidden, &program, times).await
}

/// The learner's tests against each implementation, where they are what is graded.
async fn trial(grading: &Grading<'_>, submitted: &Submitted) -> Result<Option<Trial>, Broken> {
    let Submitted { slot, seed, learners, .. } = submitted;
    match learners {
        Some(learners) => trial::compile(grading, slot, learners, seed.as_ref()).await.map(Some),
        None => Ok(None),
    }
}

/// Hidden tests that are no Rust: nothing that a learner could mend.
fn unusable(exercise: &Exercise, line: usize, problem: &str) -> Broken {
    let Exercise { chapter, name, .. } = exercise;
    Broken {
        problem: format!("tests/hidden/{chapter}/{name}.rs:{line}: {problem}"),
        remedy: format!(
            "the author of this workbook has to fix it; `tokiolings author check {name}` reports every problem"
        ),
    }
}

/// Why the hidden tests do not compile against one submission, with lines of their own file. Empty when they do, or
/// when the submission does not compile itself.
pub(in crate::grader) async fn misfit(
    grading: &Grading<'_>,
    source: &str,
) -> Result<Vec<Diagnostic>, Broken> {
    let submitted = submit(grading, source).await?;
    if !submitted.compiled() {
        return Ok(Vec::new());
    }
    if let Some(trial) = trial(grading, &submitted).await? {
        return Ok(trial.compiled.diagnostics);
    }
    let linked = [submitted.linked(ALONE)];
    let (slot, text) = (&submitted.slot.root, grading.exercise.hidden.program());
    let said = controlled::link(&grading.bench, slot, &text, &linked, submitted.walls.as_ref()).await?;
    Ok(said.for_their_author())
}

/// Runs the hidden tests of a submission, so many times one after the other, and compiles those that must not compile once.
pub(in crate::grader) async fn finish(
    grading: &Grading<'_>,
    submitted: &Submitted,
    hidden: &Compiled,
    program: &TestProgram,
    times: usize,
) -> Result<Vec<Evidence>, Broken> {
    let run = async {
        let mut all = Vec::with_capacity(times);
        for _ in 0..times {
            all.push(run_tests(grading, submitted, program).await?);
        }
        Ok::<_, Broken>(all)
    };
    let (attempts, all) = tokio::try_join!(attempts(grading, submitted), run)?;
    let evidence =
        |(runs, testing)| submitted.evidence_of(Some(hidden.clone()), attempts.clone(), runs, testing);
    Ok(all.into_iter().map(evidence).collect())
}

/// Compiles the hidden tests that must not compile, one after the other: they share a folder.
async fn attempts(grading: &Grading<'_>, submitted: &Submitted) -> Result<Vec<Attempt>, Broken> {
    let Exercise { hidden, .. } = grading.exercise;
    let mut attempts = Vec::new();
    for test in hidden.tests().iter().filter(|test| test.refusal.is_some()) {
        let (text, linked) = (hidden.text(test), submitted.linked("exercise"));
        let compiled = controlled::attempt(&grading.bench, &submitted.slot.root, &text, &linked).await?;
        attempts.push(Attempt { test: test.name.clone(), compiled });
    }
    Ok(attempts)
}

fn succeeded(compiled: &Compiled) -> bool {
    compiled.end == CompileEnd::Succeeded
}

async fn compile_submission(grading: &Grading<'_>, slot: &Path) -> Result<Vec<Compiled>, Broken> {
    let Grading { bench, exercise, .. } = grading;
    let library = controlled::compile(bench, slot, Unit::Library(exercise));
    if !exercise.program {
        return Ok(vec![library.await?]);
    }
    let (library, program) = tokio::join!(library, controlled::compile(bench, slot, Unit::Program(exercise)));
    let (library, mut program) = (library?, program?);
    // Both compile the same text: what the first said need not be said twice.
    program.diagnostics.retain(|said| {
        !library.diagnostics.iter().any(|other| other.message == said.message && other.place == said.place)
    });
    Ok(vec![library, program])
}

/// Tests side by side, each in a process and a folder of its own. Gives their runs, and the time from the first
/// start to the last end.
async fn run_tests(
    grading: &Grading<'_>,
    submitted: &Submitted,
    program: &TestProgram,
) -> Result<(Vec<Run>, Duration), Broken> {
    let Submitted { slot, seed, .. } = submitted;
    let tests: Vec<&HiddenTest> = grading.exercise.hidden.functions().collect();
    let total = tests.len();
    let others = SideBySide::default();
    let done = std::sync::atomic::AtomicUsize::new(0);
    (grading.watch)(Activity::Testing { done: 0, total });
    let runs = join_all(tests.iter().map(|test| async {
        let run = execute::run(grading, &slot.root, program, &test.name, seed.as_ref(), &others).await;
        let done = 1 + done.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        (grading.watch)(Activity::Testing { done, total });
        run
    }))
    .await;
    let runs = runs.into_iter().collect::<Result<Vec<_>, Broken>>()?;
    let first = runs.iter().map(|(_, started)| *started).min();
    let runs = runs.into_iter().map(|(run, _)| run).collect();
    Ok((runs, first.map_or(Duration::ZERO, |first| first.elapsed())))
}
