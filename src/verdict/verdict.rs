//! What is said about one submission.

use std::time::Duration;

use super::diagnostic::Diagnostic;
use super::evidence::{Broken, Hang};
use super::timeline::Timeline;

/// What is said about one submission.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// The exercise's name.
    pub exercise: String,
    /// The chapter's id.
    pub chapter: String,
    /// The verdict proper.
    pub kind: Kind,
    /// What the compiler said about the learner's file, errors first.
    pub diagnostics: Vec<Diagnostic>,
    /// One entry per hidden test, in source order, whatever happened to it.
    pub tests: Vec<TestResult>,
    /// With [`Kind::Broken`]: what is wrong with the machine or the workbook, and the remedy.
    pub broken: Option<Broken>,
    /// What in a text that compiles a person should look at, in one line: it may hide a hole of the compiler, and so a
    /// verdict that the text gave itself.
    pub review: Option<String>,
    /// How long it took.
    pub seconds: Seconds,
}

/// The verdict proper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Every hidden test passed.
    Passed,
    /// The file, or the hidden tests against it, did not compile.
    DoesNotCompile,
    /// At least one hidden test failed.
    Failed,
    /// At least one hidden test ran into its limit.
    Hung,
    /// At least one hidden test ended without a report.
    Crashed,
    /// Our fault or the machine's, never the learner's: costs no attempt, changes no progress.
    Broken,
}

/// What came of one hidden test.
#[derive(Debug, Clone, PartialEq)]
pub struct TestResult {
    /// The test function's name.
    pub name: String,
    /// What came of it.
    pub status: Status,
    /// For the learner; the first line says what happened. Empty when it passed.
    pub message: String,
    /// What the process printed (standard output and error, head and tail), free of control sequences.
    pub output: String,
    /// Wall-clock seconds of the process.
    pub seconds: f64,
    /// CPU seconds that it had used when the test was done, where the system tells; those of a hang are in [`Self::hang`].
    pub cpu_seconds: Option<f64>,
    /// With [`Status::Hung`].
    pub hang: Option<Hang>,
    /// What happened to each task, when the test records it.
    pub timeline: Option<Timeline>,
}

/// What came of one hidden test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// It reported success through the channel that learner code cannot forge.
    Passed,
    /// It panicked or returned an error.
    Failed,
    /// It was proven to hang, or ran into its limit, and was killed.
    Hung,
    /// Its process ended without a report.
    Crashed,
    /// It was not started.
    NotRun,
}

/// How long the parts of a grading took, in wall-clock seconds.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Seconds {
    /// The compiler, library and hidden tests together.
    pub compile: f64,
    /// The hidden tests, first start to last end.
    pub tests: f64,
    /// All of it.
    pub total: f64,
}

impl Verdict {
    /// Whether the submission solves the exercise.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.kind == Kind::Passed
    }

    /// What the program of a prediction printed, whose run this is; `None` when it did not come to its end.
    #[must_use]
    pub fn printed(&self) -> Option<&str> {
        self.tests.first().filter(|_| self.passed()).map(|test| test.output.as_str())
    }
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Passed, Self::DoesNotCompile, Self::Failed, Self::Hung, Self::Crashed, Self::Broken];

    /// How those hidden tests ended that gave the verdict its name; `None` where it is not a test that did.
    #[must_use]
    pub fn decided_by(self) -> Option<Status> {
        match self {
            Self::Failed => Some(Status::Failed),
            Self::Hung => Some(Status::Hung),
            Self::Crashed => Some(Status::Crashed),
            Self::Passed | Self::DoesNotCompile | Self::Broken => None,
        }
    }

    /// Its name in JSON and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::DoesNotCompile => "does_not_compile",
            Self::Failed => "failed",
            Self::Hung => "hung",
            Self::Crashed => "crashed",
            Self::Broken => "broken",
        }
    }
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Passed, Self::Failed, Self::Hung, Self::Crashed, Self::NotRun];

    /// Its name in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Hung => "hung",
            Self::Crashed => "crashed",
            Self::NotRun => "not_run",
        }
    }
}

/// Seconds as a float, for [`Seconds`] and [`TestResult::seconds`].
#[must_use]
pub(crate) fn seconds(duration: Duration) -> f64 {
    // Milliseconds are as fine as a process's start-up noise lets anyone compare.
    (duration.as_secs_f64() * 1000.0).round() / 1000.0
}
