//! The compiler alone: the very command that the watcher runs for a learner's file, without code.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::exercises::{Edit, Exercise};
use crate::programs::shown;
use crate::workbooks::write;

/// How the watcher calls the compiler for a learner's file.
pub(crate) struct Rustc {
    arguments: Vec<String>,
    folder: PathBuf,
}

impl Rustc {
    /// Looks at the processes of this machine until one compiles a learner's file, or `stop` has something to say.
    /// Its arguments are taken as they are, but for what it emits and where it keeps its incremental state.
    pub(crate) fn spy(home: &Path, folder: PathBuf, stop: &Receiver<()>) -> Option<Self> {
        while stop.try_recv() == Err(TryRecvError::Empty) {
            for process in fs::read_dir("/proc").ok()?.flatten() {
                let Ok(line) = fs::read(process.path().join("cmdline")) else { continue };
                let arguments: Vec<String> =
                    String::from_utf8_lossy(&line).split_terminator('\0').map(str::to_owned).collect();
                let ours =
                    || fs::read_link(process.path().join("cwd")).is_ok_and(|cwd| cwd.starts_with(home));
                if arguments.iter().any(|argument| argument == "--crate-name=exercise") && ours() {
                    return Some(Self { arguments: adapt(arguments), folder });
                }
            }
        }
        None
    }

    /// How long it takes with this edit.
    pub(crate) fn time(&self, exercise: &Exercise, edit: Edit, text: &str) -> Outcome<Duration> {
        write(&self.folder.join(exercise.path()), &exercise.edited(edit, text))?;
        let mut command = self.command()?;
        let started = Instant::now();
        let output = command.output().map_err(|error| format!("start {}: {error}", shown(&command)))?;
        let took = started.elapsed();
        let said = String::from_utf8_lossy(&output.stderr);
        match edit {
            Edit::Harmless if output.status.success() => Ok(took),
            Edit::TypeError if output.status.code() == Some(1) && said.contains("E0308") => Ok(took),
            _ => Err(format!("run {}: {}:\n{said}", shown(&command), output.status)),
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "a benchmark has no runtime to block, and waits for what it starts"
    )]
    fn command(&self) -> Outcome<Command> {
        let (program, arguments) = self.arguments.split_first().ok_or("find the compiler's arguments")?;
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&self.folder).env_clear().stdin(Stdio::null());
        command.envs(std::env::vars_os().filter(|(name, _)| name == "PATH" || name == "TMPDIR"));
        Ok(command)
    }
}

fn adapt(arguments: Vec<String>) -> Vec<String> {
    arguments
        .into_iter()
        .map(|argument| {
            if argument.starts_with("--emit=") {
                "--emit=metadata".to_owned()
            } else if argument.starts_with("-Cincremental=") {
                "-Cincremental=incremental".to_owned()
            } else if argument.starts_with("--out-dir=") {
                "--out-dir=.".to_owned()
            } else {
                argument
            }
        })
        .collect()
}
