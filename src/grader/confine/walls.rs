//! The program that restricts itself and then becomes the child.

use std::ffi::OsString;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::ExitCode;

use super::Walls;

/// Exit code when a wall could not be built; nothing was run.
const NOT_BUILT: u8 = 125;

/// Builds the walls that the first argument asks for, then becomes the command in the others. Without a command it
/// prints what holds, a line each. Returns only if something failed, or if there was no command.
///
/// Must be called first thing in `main`, while there is one thread: some walls enclose only the thread that asks.
#[must_use]
pub fn become_child(mut args: impl Iterator<Item = OsString>) -> ExitCode {
    let walls = args.next().and_then(|walls| walls.into_string().ok());
    let Some(walls) = walls.and_then(|walls| serde_json::from_str::<Walls>(&walls).ok()) else {
        return fail(&[
            "this command is part of `tokiolings grade`; it is not meant to be called by hand".to_owned()
        ]);
    };
    let built = match build(&walls) {
        Ok(built) => built,
        Err(missing) => return fail(&missing),
    };
    let Some(program) = args.next() else {
        let text = built.join("\n") + "\n";
        return match std::io::stdout().write_all(text.as_bytes()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::from(NOT_BUILT),
        };
    };
    #[expect(
        clippy::disallowed_methods,
        reason = "it becomes the child: there is no runtime, and nobody to wait"
    )]
    let error = std::process::Command::new(&program).args(args).exec();
    fail(&[format!("cannot execute {}: {error}", program.display())])
}

fn fail(problems: &[String]) -> ExitCode {
    // Whoever started this reads it; if nobody does, nobody needs it.
    let _ = std::io::stderr().write_all((problems.join("\n") + "\n").as_bytes());
    ExitCode::from(NOT_BUILT)
}

/// Builds every wall, even when an earlier one failed: the machine's owner wants the whole list.
#[cfg(target_os = "linux")]
fn build(walls: &Walls) -> Result<Vec<String>, Vec<String>> {
    let mut built = Vec::new();
    let mut missing = Vec::new();
    let mut note = |wall: &str, result: Result<String, String>| match result {
        Ok(how) => built.push(format!("{wall}: {how}")),
        Err(why) => missing.push(format!("{wall}: {why}")),
    };
    // A namespace needs a writable /proc, so it comes before the files are closed.
    note("network", super::namespaces::separate_network(walls.loopback));
    note("limits", limit(&walls.limits));
    note("end", follow_parent());
    note("files", super::landlock::restrict(walls));
    // Last: it forbids calls that the others make.
    note("processes", super::seccomp::restrict(walls));
    if missing.is_empty() { Ok(built) } else { Err(missing) }
}

#[cfg(not(target_os = "linux"))]
fn build(_: &Walls) -> Result<Vec<String>, Vec<String>> {
    Err(vec![
        "files, network, processes: this system offers no walls that a program can build around itself"
            .to_owned(),
    ])
}

#[cfg(target_os = "linux")]
fn limit(limits: &super::Limits) -> Result<String, String> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let pairs = [
        (Resource::As, limits.memory),
        (Resource::Fsize, limits.file),
        (Resource::Cpu, limits.cpu),
        (Resource::Nofile, limits.files),
        (Resource::Core, 0),
    ];
    for (resource, wanted) in pairs {
        // A stricter limit that is there already stays.
        let maximum = getrlimit(resource).maximum.map_or(wanted, |maximum| maximum.min(wanted));
        let new = Rlimit { current: Some(maximum), maximum: Some(maximum) };
        setrlimit(resource, new).map_err(|error| format!("{resource:?} cannot be limited: {error}"))?;
    }
    Ok("memory, file size, CPU time, open files".to_owned())
}

/// Whatever happens to the grader, even SIGKILL, nothing that it started goes on.
#[cfg(target_os = "linux")]
fn follow_parent() -> Result<String, String> {
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))
        .map(|()| "killed with the grader".to_owned())
        .map_err(|error| format!("cannot be tied to the grader's life: {error}"))
}
