//! What a grading saw, before anyone judged it.

use std::time::Duration;

use super::{Diagnostic, Timeline};

/// Everything that the grader saw of one submission.
#[derive(Debug, Clone, PartialEq)]
pub enum Evidence {
    /// The grading could not be done.
    Broken(Broken),
    /// It could, up to the step that stopped it.
    Seen {
        /// The learner's file as a library (and as a program, where the exercise asks for one), in order.
        submission: Vec<Compiled>,
        /// What in its text somebody should look at: it compiles, but its shape may hide a hole of the compiler.
        review: Option<String>,
        /// The hidden tests against it; `None` when the file itself did not compile.
        hidden: Option<Compiled>,
        /// One entry per test process that was started.
        runs: Vec<Run>,
        /// One entry per text that must not compile, where the hidden tests did.
        attempts: Vec<Attempt>,
        /// First test started to last test ended.
        testing: Duration,
        /// All of it.
        total: Duration,
    },
}

impl Evidence {
    /// A text that was refused for one reason: by the compiler, or before a compiler saw it.
    #[must_use]
    pub fn refused(why: Diagnostic) -> Self {
        let compiled = Compiled { end: CompileEnd::Failed, diagnostics: vec![why], took: Duration::ZERO };
        Self::Seen {
            submission: vec![compiled],
            review: None,
            hidden: None,
            runs: Vec::new(),
            attempts: Vec::new(),
            testing: Duration::ZERO,
            total: Duration::ZERO,
        }
    }
}

/// Something that is not the learner's fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// What happened.
    pub problem: String,
    /// What to do about it.
    pub remedy: String,
}

/// One run of the compiler.
#[derive(Debug, Clone, PartialEq)]
pub struct Compiled {
    /// How it ended.
    pub end: CompileEnd,
    /// What it said.
    pub diagnostics: Vec<Diagnostic>,
    /// How long it took.
    pub took: Duration,
}

/// How a run of the compiler ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CompileEnd {
    /// It wrote what it was asked for.
    Succeeded,
    /// It refused, and said why.
    Failed,
    /// It ran into the limit and was killed.
    TimedOut(Duration),
    /// It died, or failed without a word: what it did, for people.
    Crashed(String),
}

/// A text that must not compile, and what the compiler said to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// The test that it is.
    pub test: String,
    /// How the compiler ended, with its own words.
    pub compiled: Compiled,
}

/// One process that ran one hidden test.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// The test it was asked to run.
    pub test: String,
    /// What it reported through the channel that learner code cannot forge.
    pub report: Option<Report>,
    /// How the process ended.
    pub end: End,
    /// The last checkpoint that it reached. Of a learner's own tests: the one that ran, or all of them when all have returned.
    pub stage: Option<String>,
    /// Whether it has measured what threads cost, which depends on the machine as well.
    pub measured: bool,
    /// Whether a runtime of the test was shutting down at the end: what the test had run in it was done.
    pub closing: bool,
    /// Whether a blocking call had not returned at the end, and so the clock of a `vt` of the test stood still.
    pub clock_held: bool,
    /// Bytes of address space that it could have; `None` without a limit.
    pub memory: Option<u64>,
    /// What it recorded of polls, wakes and drops, up to its end.
    pub timeline: Option<Timeline>,
    /// What it printed, head and tail, free of control sequences.
    pub output: String,
    /// Start to end.
    pub took: Duration,
    /// CPU time that the test had used when its function was done, where the system tells.
    pub cpu: Option<Duration>,
}

/// A test's own report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Report {
    /// The test function returned.
    Passed,
    /// It panicked or returned an error.
    Failed {
        /// The panic's text.
        message: String,
        /// `file:line:column` of the panic, when it is in the learner's file.
        place: Option<String>,
    },
}

/// How a test's process ended.
#[derive(Debug, Clone, PartialEq)]
pub enum End {
    /// With an exit code.
    Exited(i32),
    /// By a signal that was not ours.
    Signalled(i32),
    /// It hung, and was killed after so long: at its limit, or as soon as the hang was proven.
    Hung(Duration, Hang),
    /// It spent its time asleep until the machine's clock woke it, and was killed after so long: of a learner's own tests.
    Waited(Duration),
    /// Another test had used up the exercise's time before this one could start.
    NotStarted,
}

/// What a test was doing when it was killed.
#[derive(Debug, Clone, PartialEq)]
pub struct Hang {
    /// Asleep or busy.
    pub kind: HangKind,
    /// The last checkpoint that it reached.
    pub stage: Option<String>,
    /// CPU seconds that it had used.
    pub cpu_seconds: f64,
    /// How many threads it had; 0 where the system does not tell.
    pub threads: usize,
    /// Whether it was printing all the time.
    pub printing: bool,
    /// Whether it was proven: all threads were asleep for longer, or had used more CPU time, than those of any right answer. What
    /// only ran into its limit may have been kept from running by the machine.
    pub proven: bool,
}

/// Asleep or busy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HangKind {
    /// Everything asleep: nobody will call the waker.
    Parked,
    /// A CPU is burning: polled without a wake, or an endless loop.
    Spinning,
    /// The system does not tell.
    Unknown,
}

impl HangKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Parked, Self::Spinning, Self::Unknown];

    /// Its name in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Parked => "parked",
            Self::Spinning => "spinning",
            Self::Unknown => "unknown",
        }
    }
}
