//! The only part that runs compilers and learners' code: dependencies once through cargo, then `rustc` called
//! directly, then one process per hidden test. It gathers evidence; `verdict::judge` decides.

mod build;
mod cache;
mod compile;
pub mod confine;
mod dependencies;
mod environment;
mod execute;
mod hang;
mod home;
mod orphans;
mod output;
mod process;
mod program;
mod rustc_json;
mod toolchain;
mod unsafety;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{OnceCell, Semaphore};

use crate::verdict::{Broken, CompileEnd, Diagnostic, Evidence, Kind, Verdict, judge, seconds};
use crate::workbook::{Exercise, Workbook};

pub use home::{Home, HomeError};
pub use orphans::adopt_orphans;

/// Grades submissions for the exercises of one workbook. Cheap to clone; clones share everything.
#[derive(Clone)]
pub struct Grader {
    shared: Arc<Shared>,
}

struct Shared {
    workbook: Arc<Workbook>,
    home: Home,
    options: Options,
    toolchain: OnceCell<toolchain::Toolchain>,
    dependencies: dependencies::Dependencies,
    /// One permit a core for compilers: more at once would only take turns.
    compilers: Semaphore,
    /// Permits for tests, more than there are cores: most of a test's life is waiting, all of a hanging one's.
    tests: Semaphore,
}

/// How to grade.
#[derive(Debug, Clone)]
pub struct Options {
    /// Take a verdict from the cache when everything that went into it is unchanged.
    pub cache: bool,
    /// How long one run of the compiler may take. The slowest honest exercise needs under a second; a loaded
    /// classroom machine gets sixty times that.
    pub compile_limit: Duration,
    /// Compile and run behind walls: for other people's code.
    pub confinement: Option<confine::Confinement>,
}

impl Default for Options {
    fn default() -> Self {
        Self { cache: true, compile_limit: Duration::from_secs(60), confinement: None }
    }
}

/// The text to grade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Read when the grading starts.
    Path(PathBuf),
    /// Given as it is.
    Text(String),
}

/// What a grading is doing, as it does it.
#[derive(Debug, Clone, PartialEq)]
pub enum Activity {
    /// Cargo is building what exercises may use: how many crates are done, and the latest.
    Preparing {
        /// Crates built so far.
        built: usize,
        /// The latest of them.
        crate_name: String,
    },
    /// The compiler is at work on the submission.
    Compiling,
    /// What the compiler said about the submission; the tests follow.
    Diagnosed(Vec<Diagnostic>),
    /// Hidden tests are running.
    Testing {
        /// Tests that ended.
        done: usize,
        /// All of them.
        total: usize,
    },
}

/// Is told what a grading is doing.
pub type Watcher<'a> = &'a (dyn Fn(Activity) + Send + Sync);

/// Test processes at once for each core.
const TESTS_PER_CORE: usize = 4;

/// The longest submission that is looked at, in bytes: a hundred times the longest exercise.
pub const MAX_SOURCE: u64 = 1 << 20;

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
                compilers: Semaphore::new(cores),
                tests: Semaphore::new(TESTS_PER_CORE * cores),
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

    /// Builds what `exercise` needs, if it is not there yet.
    ///
    /// # Errors
    /// What the machine lacks, and the remedy.
    pub async fn prepare(&self, exercise: &Exercise, watch: Watcher<'_>) -> Result<(), Broken> {
        let toolchain = self.toolchain().await?;
        let shared = &self.shared;
        shared
            .dependencies
            .get(&shared.home, &shared.workbook, toolchain, exercise.needs.as_deref(), watch)
            .await
            .map(drop)
    }

    async fn toolchain(&self) -> Result<&toolchain::Toolchain, Broken> {
        self.shared.toolchain.get_or_try_init(|| toolchain::Toolchain::find(&self.shared.home)).await
    }

    async fn try_grade(
        &self,
        exercise: &Arc<Exercise>,
        source: &Source,
        watch: Watcher<'_>,
    ) -> Result<Verdict, Broken> {
        let started = Instant::now();
        let shared = &self.shared;
        let source = match build::read_source(exercise, source)? {
            Ok(text) => text,
            Err(refused) => return Ok(judge(exercise, &refused)),
        };
        let toolchain = self.toolchain().await?;
        let key = cache::Key::new(&shared.workbook, toolchain, exercise, &source, &shared.options);
        if shared.options.cache
            && let Some(mut verdict) = cache::load(&shared.home, &key, exercise)
        {
            verdict.seconds.total = seconds(started.elapsed());
            return Ok(verdict);
        }
        let dependencies = shared
            .dependencies
            .get(&shared.home, &shared.workbook, toolchain, exercise.needs.as_deref(), watch)
            .await?;
        let evidence = build::gather(
            &build::Grading {
                exercise,
                toolchain,
                dependencies: &dependencies,
                home: &shared.home,
                options: &shared.options,
                compilers: &shared.compilers,
                tests: &shared.tests,
                watch,
                // A verdict's time is that of its own grading; building dependencies happens once.
                started: Instant::now(),
            },
            &source,
        )
        .await?;
        let verdict = judge(exercise, &evidence);
        if shared.options.cache && repeatable(&evidence, &verdict) {
            cache::store(&shared.home, &key, &verdict);
        }
        Ok(verdict)
    }
}

/// Whether the same content would be judged the same again. A hang, a crash, or a compiler that was stopped may have
/// been the machine's doing.
fn repeatable(evidence: &Evidence, verdict: &Verdict) -> bool {
    let Evidence::Seen { submission, hidden, .. } = evidence else { return false };
    matches!(verdict.kind, Kind::Passed | Kind::Failed | Kind::DoesNotCompile)
        && submission
            .iter()
            .chain(hidden)
            .all(|compiled| matches!(compiled.end, CompileEnd::Succeeded | CompileEnd::Failed))
}
