//! The grader: what it shares between gradings, and what it can be asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, PoisonError};
use std::time::Instant;

use futures_util::stream::{self, StreamExt};
use tokio::sync::{Mutex, OnceCell, Semaphore, mpsc};

use super::activity::Watcher;
use super::bench::draws::Seed;
use super::bench::leftovers::{Leftover, Leftovers};
use super::bench::lost::{LostPanic, LostPanics};
use super::bench::options::Options;
use super::bench::{Bench, Grading};
use super::child::process::Priority;
use super::grading::source::Source;
use super::grading::{alone, batch, build, cache, deal};
use super::store::home::Home;
use super::toolchain::cargo::Order;
use super::toolchain::dependencies;
use super::toolchain::{Toolchain, format};
use crate::verdict::{
    Broken, CompileEnd, Diagnostic, End, Evidence, Kind, Run, Status, TestResult, Verdict, judge, seconds,
};
use crate::workbook::{Exercise, Workbook};

/// Grades submissions for the exercises of one workbook. Cheap to clone; clones share everything.
#[derive(Clone)]
pub struct Grader {
    pub(super) shared: Arc<Shared>,
}

pub(super) struct Shared {
    pub(super) workbook: Arc<Workbook>,
    pub(super) home: Home,
    options: Options,
    toolchain: OnceCell<Toolchain>,
    dependencies: dependencies::Dependencies,
    /// See [`Draws`](super::Draws).
    seed: OnceCell<Option<Seed>>,
    /// One permit a core for compilers: more at once would only take turns.
    compilers: Semaphore,
    /// Permits for tests, more than there are cores: most of a test's life is waiting. One that is seen to sleep gives
    /// its permit back.
    tests: Arc<Semaphore>,
    turns: alone::Turns,
    /// See [`Bench::implementations`].
    implementations: Mutex<()>,
    /// See [`Grader::leftovers`].
    leftovers: Leftovers,
    /// See [`Grader::lost_panics`].
    lost: LostPanics,
}

/// Test processes at once for each core.
const TESTS_PER_CORE: usize = 4;

/// Gradings in flight when many are graded, each by itself. The semaphores let only as many compilers and tests run as
/// the machine has room for; the others wait at their gate, or for the limit of a test that hangs, so that no core is
/// idle meanwhile.
const IN_FLIGHT: usize = 24;

impl Grader {
    /// A grader for `workbook` that keeps what it builds in `home`.
    #[must_use]
    pub fn new(workbook: Arc<Workbook>, home: Home, options: Options) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let dependencies = dependencies::Dependencies::default();
        Self {
            shared: Arc::new(Shared {
                workbook,
                home,
                options,
                toolchain: OnceCell::new(),
                dependencies,
                seed: OnceCell::new(),
                compilers: Semaphore::new(cores),
                tests: Arc::new(Semaphore::new(TESTS_PER_CORE * cores)),
                turns: alone::Turns::default(),
                implementations: Mutex::new(()),
                leftovers: Leftovers::default(),
                lost: LostPanics::default(),
            }),
        }
    }

    /// The workbook that it grades for.
    #[must_use]
    pub fn workbook(&self) -> &Arc<Workbook> {
        &self.shared.workbook
    }

    /// Grades one submission. Dropping the future stops the grading at once and kills every process that it started.
    pub async fn grade(&self, exercise: &Arc<Exercise>, source: &Source, watch: Watcher<'_>) -> Verdict {
        match self.try_grade(exercise, source, watch).await {
            Ok(verdict) => verdict,
            Err(broken) => judge(exercise, &Evidence::Broken(broken)),
        }
    }

    /// Runs the program of a prediction ([`Quiz::as_run`](crate::workbook::Quiz::as_run)) as a grading of its own text.
    pub async fn run_program(&self, run: &Arc<Exercise>, watch: Watcher<'_>) -> Verdict {
        self.grade(run, &Source::Text(run.starter.clone()), watch).await
    }

    /// Builds every tier that an exercise needs and that is not there yet, one after the other, while nothing else
    /// wants the machine. What cannot be built is told once an exercise needs it.
    pub async fn prepare_rest(&self) {
        let Ok(toolchain) = self.toolchain().await else { return };
        let Shared { home, workbook, dependencies, options, .. } = &*self.shared;
        let confinement = options.confinement.as_ref();
        let mut tried = BTreeSet::new();
        for exercise in workbook.exercises() {
            let tier = exercise.needs.as_deref();
            if tried.insert(tier) {
                let priority = Priority::Low;
                let order = Order { workbook, toolchain, tier, confinement, priority, watch: &|_| {} };
                let _ = dependencies.get(home, order).await;
            }
        }
    }

    pub(super) async fn toolchain(&self) -> Result<&Toolchain, Broken> {
        self.shared.toolchain.get_or_try_init(|| Toolchain::find(&self.shared.home)).await
    }

    async fn seed(&self) -> Result<Option<&Seed>, Broken> {
        let Shared { seed, options, home, .. } = &*self.shared;
        seed.get_or_try_init(|| async { options.draws.seed(home) }).await.map(Option::as_ref)
    }

    /// Builds what `exercise` needs, if it is not there yet: for whoever grades many, and wants to know beforehand what
    /// the machine lacks.
    ///
    /// # Errors
    /// What the machine lacks, and the remedy.
    pub async fn prepare(&self, exercise: &Exercise, watch: Watcher<'_>) -> Result<(), Broken> {
        self.dependencies(exercise.needs.as_deref(), watch).await.map(drop)
    }

    /// What the compiler, and clippy with all its usual lints, say about a text. Hidden tests are not run.
    ///
    /// # Errors
    /// What the machine lacks, and the remedy; clippy itself can be that.
    pub async fn lint(&self, exercise: &Exercise, text: &str) -> Result<Vec<Diagnostic>, Broken> {
        let linted = Exercise { clippy: vec!["all".to_owned()], ..exercise.clone() };
        let bench = self.dependencies(linted.needs.as_deref(), &|_| {}).await?;
        let grading = Grading { bench: bench.of(&self.shared), exercise: &linted, watch: &|_| {} };
        build::submit(&grading, text).await.map(|submitted| submitted.diagnostics())
    }

    /// Why the hidden tests do not compile against a text that does, in the compiler's own words and with the lines of
    /// their file: for whoever writes them.
    ///
    /// # Errors
    /// What the machine lacks, and the remedy.
    pub async fn misfit(&self, exercise: &Exercise, text: &str) -> Result<Vec<Diagnostic>, Broken> {
        let bench = self.dependencies(exercise.needs.as_deref(), &|_| {}).await?;
        let grading = Grading { bench: bench.of(&self.shared), exercise, watch: &|_| {} };
        build::misfit(&grading, text).await
    }

    /// Which of these files are not formatted as rustfmt would, each with the first line that differs. A
    /// `rustfmt.toml` beside or above a file counts.
    ///
    /// # Errors
    /// What the machine lacks, and the remedy; rustfmt itself can be that.
    pub async fn unformatted(&self, files: &[PathBuf]) -> Result<Vec<(PathBuf, usize)>, Broken> {
        format::unformatted(self.toolchain().await?, files).await
    }

    /// The files that hidden tests have left in their folders since this grader was made. The folders are gone with all
    /// that was in them; that something was left tells about the tests.
    #[must_use]
    pub fn leftovers(&self) -> Vec<Leftover> {
        self.shared.leftovers.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// The panics of hidden tests' own code that failed nothing since this grader was made: a task or a thread panicked,
    /// and the test passed. No verdict depends on them; they tell about the tests.
    #[must_use]
    pub fn lost_panics(&self) -> Vec<LostPanic> {
        self.shared.lost.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Grades many submissions, each as [`grade`](Self::grade) would, in far less time than one after the other: they
    /// run side by side, and several share a compile. Each verdict is handed to `done` as soon as it is known, with the
    /// submission's place in the list. Behind walls every submission is compiled by itself.
    ///
    /// Dropping the future stops all of them.
    pub async fn grade_all(
        &self,
        submissions: &[(Arc<Exercise>, Source)],
        watch: Watcher<'_>,
        done: &mut dyn FnMut(usize, Verdict),
    ) {
        if self.shared.options.confinement.is_some() {
            return self.grade_each(submissions, watch, done).await;
        }
        let mut open = Vec::new();
        for (index, (exercise, source)) in submissions.iter().enumerate() {
            match self.open(exercise, source).await {
                Ok(Open::Known(verdict)) => done(index, *verdict),
                Ok(Open::Text(opened)) => open.push((index, opened)),
                Err(broken) => done(index, judge(exercise, &Evidence::Broken(broken))),
            }
        }
        let texts: Vec<Text<'_>> = open
            .iter()
            .map(|(index, opened)| (*index, &submissions[*index].0, opened.source.as_str()))
            .collect();
        let keys: BTreeMap<usize, &cache::Key> =
            open.iter().map(|(index, opened)| (*index, &opened.key)).collect();
        self.together(&texts, 1, watch, &mut |index, evidence| {
            let evidence = evidence.map(|mut one| one.swap_remove(0));
            done(index, self.conclude(&submissions[index].0, keys[&index], evidence));
        })
        .await;
    }

    /// Compiles each text once and runs its hidden tests so many times, whatever the cache knows; texts share
    /// compiles as in [`grade_all`](Self::grade_all), and behind walls none. A text that does not compile gets one verdict.
    pub async fn repeat_all(
        &self,
        submissions: &[(Arc<Exercise>, String)],
        times: usize,
        watch: Watcher<'_>,
        done: &mut dyn FnMut(usize, Vec<Verdict>),
    ) {
        if self.shared.options.confinement.is_some() {
            return self.repeat_each(submissions, times, watch, done).await;
        }
        let texts: Vec<Text<'_>> = submissions
            .iter()
            .enumerate()
            .map(|(index, (exercise, text))| (index, exercise, text.as_str()))
            .collect();
        self.together(&texts, times.max(1), watch, &mut |index, evidence| {
            let (exercise, _) = &submissions[index];
            let evidence = evidence.unwrap_or_else(|broken| vec![Evidence::Broken(broken)]);
            done(index, evidence.iter().map(|evidence| judge(exercise, evidence)).collect());
        })
        .await;
    }

    async fn repeat_each(
        &self,
        submissions: &[(Arc<Exercise>, String)],
        times: usize,
        watch: Watcher<'_>,
        done: &mut dyn FnMut(usize, Vec<Verdict>),
    ) {
        let mut gradings = stream::iter(submissions.iter().enumerate())
            .map(|(index, (exercise, text))| async move {
                let evidence = match self.dependencies(exercise.needs.as_deref(), watch).await {
                    Ok(bench) => {
                        let grading = Grading { bench: bench.of(&self.shared), exercise, watch };
                        build::gather(&grading, text, times.max(1)).await
                    }
                    Err(broken) => Err(broken),
                };
                (index, evidence.unwrap_or_else(|broken| vec![Evidence::Broken(broken)]))
            })
            .buffer_unordered(IN_FLIGHT);
        while let Some((index, evidence)) = gradings.next().await {
            let (exercise, _) = &submissions[index];
            done(index, evidence.iter().map(|evidence| judge(exercise, evidence)).collect());
        }
    }

    /// The evidence on texts, tier by tier.
    async fn together(
        &self,
        texts: &[Text<'_>],
        times: usize,
        watch: Watcher<'_>,
        done: &mut dyn FnMut(usize, Result<Vec<Evidence>, Broken>),
    ) {
        let mut tiers: BTreeMap<Option<&str>, Vec<Text<'_>>> = BTreeMap::new();
        for &text in texts {
            tiers.entry(text.1.needs.as_deref()).or_default().push(text);
        }
        for (tier, texts) in tiers {
            let equipped = match self.dependencies(tier, watch).await {
                Ok(equipped) => equipped,
                Err(broken) => {
                    texts.iter().for_each(|(index, ..)| done(*index, Err(broken.clone())));
                    continue;
                }
            };
            let bench = equipped.of(&self.shared);
            let jobs = texts.into_iter().map(|(index, exercise, source)| {
                let grading = Grading { bench, exercise, watch };
                batch::Job { index, grading, source, times }
            });
            let (tell, mut found) = mpsc::unbounded_channel();
            let mut working = std::pin::pin!(batch::gather(bench, jobs.collect(), &tell));
            loop {
                tokio::select! {
                    () = &mut working => break,
                    Some((index, evidence)) = found.recv() => done(index, evidence),
                }
            }
            while let Ok((index, evidence)) = found.try_recv() {
                done(index, evidence);
            }
        }
    }

    /// Grades many submissions side by side, each compiled by itself. Told as [`grade_all`](Self::grade_all) does.
    pub async fn grade_each(
        &self,
        submissions: &[(Arc<Exercise>, Source)],
        watch: Watcher<'_>,
        done: &mut dyn FnMut(usize, Verdict),
    ) {
        let mut gradings = stream::iter(deal::dealt(submissions))
            .map(|index| async move {
                let (exercise, source) = &submissions[index];
                (index, self.grade(exercise, source, watch).await)
            })
            .buffer_unordered(IN_FLIGHT);
        while let Some((index, verdict)) = gradings.next().await {
            done(index, verdict);
        }
    }

    async fn try_grade(
        &self,
        exercise: &Arc<Exercise>,
        source: &Source,
        watch: Watcher<'_>,
    ) -> Result<Verdict, Broken> {
        let Opened { source, key } = match self.open(exercise, source).await? {
            Open::Known(verdict) => return Ok(*verdict),
            Open::Text(opened) => opened,
        };
        let bench = self.dependencies(exercise.needs.as_deref(), watch).await?;
        let grading = Grading { bench: bench.of(&self.shared), exercise, watch };
        let evidence = alone::gather(&grading, &source, &self.shared.turns).await;
        Ok(self.conclude(exercise, &key, evidence))
    }

    /// Reads a submission, and looks whether its verdict is known.
    async fn open(&self, exercise: &Exercise, source: &Source) -> Result<Open, Broken> {
        let started = Instant::now();
        let shared = &self.shared;
        let source = match build::read_source(exercise, source)? {
            Ok(text) => text,
            Err(refused) => return Ok(Open::Known(Box::new(judge(exercise, &refused)))),
        };
        let toolchain = self.toolchain().await?;
        let key = cache::Key::new(
            &shared.workbook,
            toolchain,
            exercise,
            &source,
            &shared.options,
            self.seed().await?,
        );
        if shared.options.cache
            && let Some(mut verdict) = cache::load(&shared.home, &key, exercise)
        {
            verdict.seconds.total = seconds(started.elapsed());
            return Ok(Open::Known(Box::new(verdict)));
        }
        Ok(Open::Text(Opened { source, key }))
    }

    /// What a tier's exercises are compiled with.
    pub(super) async fn dependencies(
        &self,
        tier: Option<&str>,
        watch: Watcher<'_>,
    ) -> Result<Equipped<'_>, Broken> {
        let shared = &self.shared;
        let toolchain = self.toolchain().await?;
        let order = Order {
            workbook: &shared.workbook,
            toolchain,
            tier,
            confinement: shared.options.confinement.as_ref(),
            priority: Priority::Normal,
            watch,
        };
        let built = shared.dependencies.get(&shared.home, order).await?;
        Ok(Equipped { toolchain, built, seed: self.seed().await? })
    }

    /// Judges, and remembers the verdict if the same content would get it again.
    fn conclude(&self, exercise: &Exercise, key: &cache::Key, evidence: Result<Evidence, Broken>) -> Verdict {
        let evidence = evidence.unwrap_or_else(Evidence::Broken);
        let verdict = judge(exercise, &evidence);
        if self.shared.options.cache && repeatable(&evidence, &verdict) {
            cache::store(&self.shared.home, key, &verdict);
        }
        verdict
    }
}

/// A text to grade, with its place in the caller's list.
type Text<'a> = (usize, &'a Arc<Exercise>, &'a str);

/// A submission, read.
enum Open {
    /// Refused unseen, or graded before.
    Known(Box<Verdict>),
    /// To be compiled.
    Text(Opened),
}

struct Opened {
    source: String,
    key: cache::Key,
}

/// The compiler and the built dependencies of a tier.
pub(super) struct Equipped<'a> {
    toolchain: &'a Toolchain,
    built: Arc<dependencies::Built>,
    seed: Option<&'a Seed>,
}

impl Equipped<'_> {
    pub(super) fn of<'a>(&'a self, shared: &'a Shared) -> Bench<'a> {
        Bench {
            toolchain: self.toolchain,
            dependencies: &self.built,
            home: &shared.home,
            options: &shared.options,
            seed: self.seed,
            compilers: &shared.compilers,
            tests: &shared.tests,
            implementations: &shared.implementations,
            leftovers: &shared.leftovers,
            lost: &shared.lost,
        }
    }
}

/// Whether the same content would be judged the same again. A hang that nothing proves, a crash, a compiler that was stopped, or a
/// want of memory may have been the machine's doing.
fn repeatable(evidence: &Evidence, verdict: &Verdict) -> bool {
    let Evidence::Seen { submission, hidden, attempts, runs, .. } = evidence else { return false };
    let tried = attempts.iter().map(|attempt| &attempt.compiled);
    let stopped = |end: &CompileEnd| matches!(end, CompileEnd::TimedOut(_));
    let is_of_its_text = |test: &TestResult| match test.status {
        Status::Passed | Status::Failed => true,
        Status::Hung => test.hang.as_ref().is_some_and(|hang| hang.proven),
        Status::Crashed | Status::NotRun => false,
    };
    let judged = match verdict.kind {
        Kind::Passed | Kind::Failed | Kind::Hung => verdict.tests.iter().all(is_of_its_text),
        Kind::DoesNotCompile => true,
        Kind::Crashed | Kind::Broken => false,
    };
    // A hang may be what a learner's test is for, and its verdict a pass.
    let unproven = |run: &Run| matches!(&run.end, End::Hung(_, hang) if !hang.proven);
    judged
        && !alone::is_scarce(evidence)
        && !runs.iter().any(unproven)
        && !submission.iter().chain(hidden).chain(tried).any(|compiled| stopped(&compiled.end))
}
