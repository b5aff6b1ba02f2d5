//! The learner's file as a program: have it run, read what it prints.

use crate::activity::bump;
use crate::harness::run_program;

/// The learner's program.
#[derive(Debug, Clone, Default)]
pub struct Program {
    args: Vec<String>,
    env: Vec<(String, String)>,
}

/// What a program left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// What it printed: at most the first 1 MiB.
    pub stdout: String,
    /// What it printed as errors: at most the first 1 MiB.
    pub stderr: String,
    /// Its exit code; `None` when a signal ended it.
    pub code: Option<i32>,
}

/// The learner's file, built as a program. Only for exercises with `program = true`.
///
/// The grader runs it, not this process: the learner's code lives in this process, too, and so never needs the right
/// to start another one.
///
/// ```no_run
/// let output = testkit::program().arg("billing").run();
/// assert!(output.stdout.lines().count() == 2, "`main` printed {:?}, wanted 2 lines.", output.stdout);
/// ```
#[must_use]
pub fn program() -> Program {
    Program::default()
}

impl Program {
    /// With one more argument.
    #[must_use]
    pub fn arg(mut self, arg: impl Into<String>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// With a variable in its environment.
    #[must_use]
    pub fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// Runs it to its end, with empty input.
    ///
    /// # Panics
    /// Outside of the grader, and when the grader is gone.
    #[must_use]
    pub fn run(&self) -> Output {
        let count = self.args.len().to_string();
        let mut fields = vec![count.as_str()];
        fields.extend(self.args.iter().map(String::as_str));
        fields.extend(self.env.iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]));
        let (code, stdout, stderr) = run_program(&fields)
            .expect("a program is run by tokiolings, and this test is not")
            .expect("the grader answers");
        bump();
        Output { stdout, stderr, code }
    }
}
