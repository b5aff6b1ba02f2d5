//! The two programs: how each is told to do the same thing.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::exercises::{Edit, Exercise};
use crate::pty::Terminal;
use crate::workbooks::write;

/// One of the two, with a workbook.
pub(crate) trait Program {
    /// Writes the learner's file of an exercise, as an editor does.
    fn save(&self, exercise: &Exercise, edit: Edit, text: &str) -> Outcome<()>;
    /// Grades one exercise.
    fn run(&self, exercise: &Exercise) -> Outcome<Command>;
    /// Grades all of them.
    fn check(&self) -> Outcome<Command>;
    /// The watcher, on this exercise.
    fn watch(&self, exercise: &Exercise) -> Outcome<Command>;
    /// What the watcher shows of an exercise that is solved.
    fn solved(&self) -> &'static str;
    /// Deletes everything that it has built.
    fn clean(&self) -> Outcome<()>;
}

/// The peer.
pub(crate) struct Rustlings {
    pub(crate) binary: PathBuf,
    /// Its workbook is its workspace.
    pub(crate) folder: PathBuf,
}

/// Ours.
pub(crate) struct Tokiolings {
    pub(crate) binary: PathBuf,
    /// The workspace.
    pub(crate) folder: PathBuf,
    pub(crate) home: PathBuf,
    /// A workbook other than the built-in one.
    pub(crate) workbook: Option<PathBuf>,
}

impl Rustlings {
    fn command(&self) -> Command {
        let mut command = command(&self.binary);
        command.current_dir(&self.folder);
        command
    }

    /// Writes its state: the current exercise, and all of them pending. Were all done, it would check all of them
    /// after each run.
    fn point(&self, exercise: &Exercise) -> Outcome<()> {
        let state = format!("DON'T EDIT THIS FILE!\n\n{}\n", exercise.name);
        write(&self.folder.join(".rustlings-state.txt"), &state)
    }

    /// How long the learner's own `main` takes, which rustlings runs at the end of each run.
    pub(crate) fn time_main(&self, exercise: &Exercise) -> Outcome<Duration> {
        time(command(&self.folder.join("target/debug").join(&exercise.name)))
    }
}

impl Program for Rustlings {
    fn save(&self, exercise: &Exercise, edit: Edit, text: &str) -> Outcome<()> {
        let text = exercise.edited(edit, text) + &exercise.test_module();
        write(&self.folder.join(exercise.path()), &text)
    }

    fn run(&self, exercise: &Exercise) -> Outcome<Command> {
        self.point(exercise)?;
        let mut command = self.command();
        command.args(["run", &exercise.name]);
        Ok(command)
    }

    fn check(&self) -> Outcome<Command> {
        let mut command = self.command();
        command.arg("check-all");
        Ok(command)
    }

    fn watch(&self, exercise: &Exercise) -> Outcome<Command> {
        self.point(exercise)?;
        Ok(self.command())
    }

    fn solved(&self) -> &'static str {
        "Exercise done"
    }

    fn clean(&self) -> Outcome<()> {
        crate::workbooks::remove(&self.folder.join("target"))
    }
}

impl Tokiolings {
    /// Sets the workspace up.
    pub(crate) fn init(&self) -> Outcome<()> {
        crate::workbooks::remove(&self.folder)?;
        let parent = self.folder.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(parent).map_err(|error| format!("create {}: {error}", parent.display()))?;
        let mut command = self.command();
        command.current_dir(parent).arg("init").arg(&self.folder);
        time(command).map(drop)
    }

    fn command(&self) -> Command {
        let mut command = command(&self.binary);
        command.env("TOKIOLINGS_HOME", &self.home).current_dir(&self.folder);
        if let Some(workbook) = &self.workbook {
            command.arg("--workbook").arg(workbook);
        }
        command
    }

    /// Grades the learner's file as somebody else's, behind walls or without them.
    pub(crate) fn grade(&self, exercise: &Exercise, confined: bool) -> Command {
        let mut command = self.command();
        command.arg("grade").arg(&exercise.name).arg(self.folder.join(exercise.path()));
        if !confined {
            command.arg("--unconfined");
        }
        command
    }

    /// Forgets every verdict, so that the same text is graded again.
    pub(crate) fn forget_verdicts(&self) -> Outcome<()> {
        crate::workbooks::remove(&self.home.join("verdicts"))
    }

    /// Makes an exercise the current one. It counts as touched, so that the watcher does not show its welcome.
    fn point(&self, exercise: &Exercise) -> Outcome<()> {
        let path = self.folder.join(".tokiolings/progress.toml");
        let text = fs::read_to_string(&path).map_err(|error| format!("read {}: {error}", path.display()))?;
        let name = &exercise.name;
        let mut lines: Vec<String> =
            text.lines().filter(|line| !line.starts_with("current = ")).map(str::to_owned).collect();
        let top = lines.iter().position(|line| line.starts_with("learner = ")).unwrap_or(0);
        lines.insert(top + 1, format!("current = \"{name}\""));
        if !text.contains("[steps.") {
            let end = lines.len() - 1;
            lines.insert(end, format!("[steps.{name}]\nattempts = 1"));
        }
        write(&path, &(lines.join("\n") + "\n"))
    }
}

impl Program for Tokiolings {
    fn save(&self, exercise: &Exercise, edit: Edit, text: &str) -> Outcome<()> {
        write(&self.folder.join(exercise.path()), &exercise.edited(edit, text))
    }

    fn run(&self, exercise: &Exercise) -> Outcome<Command> {
        let mut command = self.command();
        command.args(["run", &exercise.name]);
        Ok(command)
    }

    fn check(&self) -> Outcome<Command> {
        let mut command = self.command();
        command.arg("check");
        Ok(command)
    }

    fn watch(&self, exercise: &Exercise) -> Outcome<Command> {
        self.point(exercise)?;
        Ok(self.command())
    }

    fn solved(&self) -> &'static str {
        "Solved!"
    }

    fn clean(&self) -> Outcome<()> {
        crate::workbooks::remove(&self.home)
    }
}

/// Variables that a shell has and cargo has not made for this benchmark.
fn of_a_shell(name: &str) -> bool {
    let of_cargo = name.starts_with("CARGO")
        && !["CARGO_HOME", "CARGO_NET", "CARGO_HTTP", "CARGO_REGISTR", "CARGO_SOURCE"]
            .iter()
            .any(|kept| name.starts_with(kept));
    let of_rust = ["RUSTC", "RUSTDOC", "RUSTFLAGS", "RUST_"].iter().any(|removed| name.starts_with(removed));
    let others = ["RUSTUP_TOOLCHAIN", "LD_LIBRARY_PATH", "NO_COLOR", "TOKIOLINGS_HOME"].contains(&name);
    !(of_cargo || of_rust || others)
}

/// A command with the environment of a learner's shell.
#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark has no runtime to block, and waits for what it starts"
)]
pub(crate) fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear().envs(std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(of_a_shell)));
    command.env("TERM", "xterm-256color");
    command
}

/// Runs a command to its end, which must be a good one; how long it took.
pub(crate) fn time(command: Command) -> Outcome<Duration> {
    time_until(command, None, &[0])
}

/// Runs a command, with this file as its input, until it ends with one of these codes; how long it took.
pub(crate) fn time_until(mut command: Command, input: Option<&Path>, codes: &[i32]) -> Outcome<Duration> {
    let input = match input {
        Some(path) => {
            fs::File::open(path).map_err(|error| format!("open {}: {error}", path.display()))?.into()
        }
        None => Stdio::null(),
    };
    let started = Instant::now();
    let output =
        command.stdin(input).output().map_err(|error| format!("start {}: {error}", shown(&command)))?;
    let took = started.elapsed();
    if output.status.code().is_some_and(|code| codes.contains(&code)) {
        return Ok(took);
    }
    let said = [output.stdout, output.stderr].concat();
    Err(format!("run {}: {}:\n{}", shown(&command), output.status, String::from_utf8_lossy(&said)))
}

/// The same in a terminal: rustlings checks all exercises in nothing less.
pub(crate) fn time_in_terminal(command: Command) -> Outcome<Duration> {
    let what = shown(&command);
    let (took, status, said) = Terminal::start(command)?.finish()?;
    if status.success() { Ok(took) } else { Err(format!("run {what}: {status}:\n{said}")) }
}

/// The program and its arguments. The environment, which `Debug` shows as well, is long and nobody's business.
pub(crate) fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}
