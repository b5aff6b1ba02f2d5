//! The process that becomes the child, and the first process beside it.

use std::ffi::{CStr, CString, OsStr, OsString};
use std::fs::File;
use std::io::Read;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;
use std::process::ExitCode;

use rustix::process::{
    Resource, Rlimit, Signal, getpid, getrlimit, kill_process, set_parent_process_death_signal, setrlimit,
    setsid,
};
use rustix::stdio;
use rustix::thread::{CapabilitySet, CapabilitySets, set_capabilities};

use super::message::{self, Command};
use super::order::{Order, STEPS_DOWN};
use super::rights::{Limits, Walls};
use super::seccomp::Filter;
use super::word::fail;
use super::{landlock, namespaces, probe};

/// What the first process says when it needs nothing more.
pub(super) const READY: &str = "ready";

/// The ends of pipes that the first process has.
pub(super) struct First {
    /// Closed on the other side as soon as `outside` is gone.
    pub(super) ended: OwnedFd,
    /// Where it says that it needs nothing more, or what is wrong.
    pub(super) ready: OwnedFd,
}

/// Process 1 of the namespaces. It says when it needs nothing more, waits until `outside` is gone, and all others end with
/// it. The child cannot signal it: the kernel keeps signals from within away from a process 1.
pub(super) fn wait_as_first(step_down: bool, pipes: First) -> ExitCode {
    // Nothing that others wait for the end of may stay open here.
    let quiet = rustix::pipe::pipe().and_then(|(end, closed)| {
        stdio::dup2_stdin(end)?;
        stdio::dup2_stdout(&closed)?;
        stdio::dup2_stderr(closed)
    });
    let said = match lose_rights(step_down) {
        Ok(()) => READY.to_owned(),
        Err(why) => format!("namespaces: {why}"),
    };
    let told = quiet.and_then(|()| rustix::io::write(&pipes.ready, said.as_bytes()));
    drop(pipes.ready);
    if told.is_err() || said != READY {
        return ExitCode::FAILURE;
    }
    // Ends with an error, or at the end of the pipe; both mean the same.
    let _ = File::from(pipes.ended).read_exact(&mut [0]);
    ExitCode::SUCCESS
}

/// What making namespaces has given this process it needs no more.
fn lose_rights(step_down: bool) -> Result<(), String> {
    if step_down {
        namespaces::step_down()?;
    }
    let none = CapabilitySet::empty();
    set_capabilities(None, CapabilitySets { effective: none, permitted: none, inheritable: none })
        .map_err(|error| format!("cannot give its rights up: {error}"))
}

/// Encloses this process, waits for its command on its input, and becomes that. Without one it attacks the walls, and prints
/// what holds. Returns only if something failed, or if there was no command. Until the walls stand nobody hears this
/// process but `outside`, through `said`.
pub(super) fn run(step_down: bool, order: &Order, said: OwnedFd) -> ExitCode {
    let mut path = PathOfProgram::default();
    // The probe becomes no other program.
    let program = order.bait.is_none().then(|| path.address());
    let filter = prepare(step_down, &order.walls)
        .and_then(|()| Filter::new(&order.walls, program).map_err(|why| format!("processes: {why}")));
    // Two halts: `outside` knows by them that the walls stand, so that whatever comes after is the child's doing.
    let built = filter.and_then(|filter| {
        halt()?;
        let files = enclose(&order.walls)?;
        halt()?;
        Ok((filter, files))
    });
    let (filter, files) = match built {
        Ok(built) => built,
        Err(problem) => {
            let _ = rustix::io::write(&said, problem.as_bytes());
            return ExitCode::FAILURE;
        }
    };
    drop(said);
    let Ok(Some((command, streams))) = message::receive(stdio::stdin()) else {
        return ExitCode::FAILURE;
    };
    if message::take(streams).is_err() {
        return ExitCode::FAILURE;
    }
    let Prepared { args, env } = match Prepared::new(command, &mut path) {
        Ok(prepared) => prepared,
        Err(problem) => return fail(&[problem]),
    };
    let processes = match filter.apply() {
        Ok(processes) => processes,
        Err(problem) => return fail(&[format!("processes: {problem}")]),
    };
    let Some(path) = path.get() else {
        return probe::report(order, &describe(&order.walls, step_down, &files, &processes));
    };
    let Err(error) = nix::unistd::execve(path, &args, &env);
    fail(&[format!("cannot execute {}: {error}", path.to_string_lossy())])
}

/// Where the path of the program will be, by which the filter of system calls knows it: the filter is made before there is a
/// command.
struct PathOfProgram(Vec<u8>);

impl Default for PathOfProgram {
    fn default() -> Self {
        /// The kernel takes no longer path, nor does this move for a shorter one.
        const LONGEST: usize = 4096;
        Self(Vec::with_capacity(LONGEST))
    }
}

impl PathOfProgram {
    fn address(&self) -> u64 {
        self.0.as_ptr().addr() as u64
    }

    fn set(&mut self, path: PathBuf) -> Result<(), String> {
        let path = text(path.into_os_string())?.into_bytes_with_nul();
        if path.len() > self.0.capacity() {
            return Err("files: the path of the program is too long".to_owned());
        }
        self.0.extend_from_slice(&path);
        Ok(())
    }

    fn get(&self) -> Option<&CStr> {
        CStr::from_bytes_with_nul(&self.0).ok()
    }
}

/// What `exec` takes besides the path.
struct Prepared {
    args: Vec<CString>,
    env: Vec<CString>,
}

impl Prepared {
    fn new(command: Command, path: &mut PathOfProgram) -> Result<Self, String> {
        let Command { words, env } = command;
        if let Some(program) = words.first() {
            path.set(find(program, &env)?)?;
        }
        let texts = |words: Vec<OsString>| words.into_iter().map(text).collect::<Result<_, _>>();
        Ok(Self { args: texts(words)?, env: texts(env)? })
    }
}

fn text(text: OsString) -> Result<CString, String> {
    CString::new(text.into_vec()).map_err(|_| "a zero byte in the command".to_owned())
}

fn prepare(step_down: bool, walls: &Walls) -> Result<(), String> {
    // A session of its own has no terminal, and a signal to its group does not reach `outside`. The kernel shares the cores
    // among sessions, so a crowd of threads in one is not more than one thread in another.
    setsid().map_err(|error| format!("processes: no session of its own: {error}"))?;
    be_ended_first().map_err(|error| format!("limits: {error}"))?;
    lose_rights(step_down).map_err(|why| format!("namespaces: {why}"))?;
    // With the other half of the pair, the first process, this leaves no way to outlive the grader.
    set_parent_process_death_signal(Some(Signal::KILL))
        .map_err(|error| format!("end: cannot be tied to the grader's life: {error}"))?;
    limit(&walls.limits).map_err(|why| format!("limits: {why}"))
}

/// When memory runs out, the kernel ends what is behind walls before the grader or anybody else.
fn be_ended_first() -> std::io::Result<()> {
    const FIRST: &str = "1000";
    std::fs::write("/proc/self/oom_score_adj", FIRST)
}

/// A program as `exec` wants it: a name alone is one of the search path.
fn find(program: &OsString, env: &[OsString]) -> Result<PathBuf, String> {
    let path = PathBuf::from(program);
    if path.is_absolute() {
        return Ok(path);
    }
    let folders = env.iter().find_map(|variable| variable.as_bytes().strip_prefix(b"PATH="));
    let mut folders = std::env::split_paths(OsStr::from_bytes(folders.unwrap_or_default()));
    let found = folders.by_ref().map(|folder| folder.join(&path)).find(|path| path.is_file());
    found.ok_or_else(|| format!("files: no folder of the search path has {}", path.display()))
}

/// Stops until `outside` lets it go on.
fn halt() -> Result<(), String> {
    kill_process(getpid(), Signal::STOP).map_err(|error| format!("processes: cannot halt: {error}"))
}

/// The second wall around files. Says what it is.
fn enclose(walls: &Walls) -> Result<String, String> {
    rustix::process::chdir(&walls.folder)
        .map_err(|error| format!("files: cannot enter {}: {error}", walls.folder.display()))?;
    for path in walls.read.iter().chain(&walls.execute).chain(&walls.write) {
        // A program may be executed without being read.
        let wanted = if walls.execute.contains(path) {
            rustix::fs::Access::EXEC_OK
        } else {
            rustix::fs::Access::READ_OK
        };
        rustix::fs::access(path, wanted).map_err(|error| {
            format!(
                "files: the user nobody cannot use {}: {error}; `chmod -R a+rX` lets everybody read it",
                path.display()
            )
        })?;
    }
    landlock::restrict(walls).map_err(|why| format!("files: {why}"))
}

/// Which of the walls that need no namespace the machine cannot build. This process is of no use after that.
pub(super) fn missing(walls: &Walls) -> Vec<String> {
    let files = landlock::restrict(walls).map_err(|why| format!("files: {why}"));
    let processes =
        Filter::new(walls, None).and_then(Filter::apply).map_err(|why| format!("processes: {why}"));
    [files, processes].into_iter().filter_map(Result::err).collect()
}

fn limit(limits: &Limits) -> Result<(), String> {
    let pairs = [
        (Resource::As, limits.memory),
        (Resource::Fsize, limits.file),
        (Resource::Nofile, limits.files),
        (Resource::Nproc, limits.threads),
        // Where a program takes the cores of all others, 0 does not keep it from this one's; 1 does.
        (Resource::Core, 1),
    ];
    for (resource, wanted) in pairs {
        // A stricter limit that is there already stays.
        let maximum = getrlimit(resource).maximum.map_or(wanted, |maximum| maximum.min(wanted));
        let new = Rlimit { current: Some(maximum), maximum: Some(maximum) };
        setrlimit(resource, new).map_err(|error| format!("{resource:?} cannot be limited: {error}"))?;
    }
    // The signal of the first says what happened; what has learnt to ignore it meets the second.
    let maximum = limits.cpu + 1;
    let maximum = getrlimit(Resource::Cpu).maximum.map_or(maximum, |there| there.min(maximum));
    let new = Rlimit { current: Some(limits.cpu.min(maximum)), maximum: Some(maximum) };
    setrlimit(Resource::Cpu, new).map_err(|error| format!("CPU time cannot be limited: {error}"))
}

/// What holds, for people and reports.
fn describe(walls: &Walls, step_down: bool, files: &str, processes: &str) -> Vec<String> {
    let user = if step_down { STEPS_DOWN } else { "user: nobody" };
    let network = if walls.loopback { "loopback only" } else { "no sockets" };
    vec![
        "namespaces: separate processes, mounts, network, names, shared memory".to_owned(),
        user.to_owned(),
        format!("files: separate root, {files}"),
        format!("network: {network}"),
        format!("processes: {processes}"),
        "limits: memory, scratch, file size, CPU time, open files, threads".to_owned(),
        "end: killed with the grader".to_owned(),
    ]
}
