//! The process that the grader starts: it makes the namespaces and the root folder, lets `inside` go on when both are
//! ready, and ends as the child ends. It is not in the namespace of processes, so the child cannot reach it.

use std::ffi::OsString;
use std::io::Read;
use std::process::ExitCode;

use fork::{Fork, fork};
use rustix::pipe::{PipeFlags, pipe_with};
use rustix::process::{
    Pid, Signal, WaitOptions, WaitStatus, getpid, kill_process, set_parent_process_death_signal, umask,
    waitpid,
};

use super::inside::{self, First};
use super::namespaces::{self, StepDown};
use super::root::Root;
use super::walls::fail;
use super::{NOT_BUILT, Order};

/// Which of the three processes it is that comes back.
enum Returned {
    /// `outside`: so the child ended.
    Outside(WaitStatus),
    /// One of the others, with what it ends with.
    Other(ExitCode),
}

/// Builds what encloses all processes of the child, runs it, and ends as it ended: by exit code or by signal.
///
/// The other two processes are forks of this one, so they come back from here as well. This process has one thread, all
/// of which a fork has, too; to start the program anew would cost a millisecond for each.
pub(super) fn run(order: &Order, command: Vec<OsString>) -> ExitCode {
    match start(order, command) {
        Ok(Returned::Outside(status)) => end_as(status),
        Ok(Returned::Other(code)) => code,
        Err(mut problems) => {
            // The machine's owner wants the whole list.
            problems.extend(inside::missing(&order.walls));
            fail(&problems);
            die(Signal::SYS)
        }
    }
}

fn start(order: &Order, command: Vec<OsString>) -> Result<Returned, Vec<String>> {
    let one = |wall: &'static str| move |why: String| vec![format!("{wall}: {why}")];
    follow(order.grader).map_err(one("end"))?;
    // Folders that are made here can be entered by nobody, whatever the grader's user prefers.
    umask(rustix::fs::Mode::from_raw_mode(0o022));
    let step_down = namespaces::separate().map_err(one("namespaces"))? == StepDown::FromRoot;
    if order.walls.loopback {
        namespaces::loopback_up().map_err(one("network"))?;
    }
    rustix::system::sethostname(b"tokiolings")
        .map_err(|error| vec![format!("namespaces: the host's name cannot be hidden: {error}")])?;
    let pipe =
        || pipe_with(PipeFlags::CLOEXEC).map_err(|error| vec![format!("processes: cannot talk: {error}")]);
    // One ends when this process does, whatever ends that.
    let ((ended, alive), (heard, ready)) = (pipe()?, pipe()?);
    let Some(first) = fork_one()? else {
        drop((alive, heard));
        return Ok(Returned::Other(inside::wait_as_first(step_down, First { ended, ready })));
    };
    drop((ended, ready));
    let Some(child) = fork_one()? else {
        drop((alive, heard));
        return Ok(Returned::Other(inside::run(step_down, order, command)));
    };
    // Meanwhile the child prepares itself.
    let root = Root::build(&order.walls).map_err(one("files"))?;
    // Both still need what is in the old one.
    if std::fs::File::from(heard).read_exact(&mut [0]).is_err() {
        // It has said why.
        return Err(Vec::new());
    }
    wait_for_stop(child)?;
    root.enter().map_err(one("files"))?;
    let go_on = || kill_process(child, Signal::CONT).map_err(|error| vec![format!("processes: {error}")]);
    go_on()?;
    wait_for_stop(child)?;
    go_on()?;
    let status = wait(child, WaitOptions::empty());
    // With the first process all others end; when it is gone, so are they.
    let _ = kill_process(first, Signal::KILL);
    let _ = wait(first, WaitOptions::empty());
    drop(alive);
    status.map(Returned::Outside).map_err(|error| vec![format!("processes: the child is lost: {error}")])
}

/// Starts a copy of this process. Gives its number, and nothing to the copy.
fn fork_one() -> Result<Option<Pid>, Vec<String>> {
    match fork() {
        Ok(Fork::Parent(pid)) => Ok(Some(Pid::from_raw(pid).expect("a child has a number above 0"))),
        Ok(Fork::Child) => Ok(None),
        Err(error) => Err(vec![format!("processes: cannot start: {error}")]),
    }
}

/// Whatever happens to the grader, even SIGKILL, nothing that it started goes on.
fn follow(grader: u32) -> Result<(), String> {
    set_parent_process_death_signal(Some(Signal::KILL))
        .map_err(|error| format!("cannot be tied to the grader's life: {error}"))?;
    // It may have ended before that.
    let parent = rustix::process::getppid().map(|pid| pid.as_raw_nonzero().get().unsigned_abs());
    if parent == Some(grader) { Ok(()) } else { Err("the grader is gone".to_owned()) }
}

/// Waits until the child has done its part and has stopped itself.
fn wait_for_stop(pid: Pid) -> Result<(), Vec<String>> {
    match wait(pid, WaitOptions::UNTRACED) {
        Ok(status) if status.stopped() => Ok(()),
        // It has said why.
        Ok(_) => Err(Vec::new()),
        Err(error) => Err(vec![format!("processes: the child is lost: {error}")]),
    }
}

fn wait(pid: Pid, options: WaitOptions) -> rustix::io::Result<WaitStatus> {
    loop {
        match waitpid(Some(pid), options) {
            Ok(Some((_, status))) => return Ok(status),
            Ok(None) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error),
        }
    }
}

fn end_as(status: WaitStatus) -> ExitCode {
    if let Some(code) = status.exit_status() {
        return ExitCode::from(u8::try_from(code & 0xff).expect("one byte is left"));
    }
    match status.terminating_signal().and_then(Signal::from_named_raw) {
        // That one says that a wall was missing.
        Some(signal) if signal.as_raw() != NOT_BUILT => die(signal),
        _ => die(Signal::KILL),
    }
}

/// Ends this process by a signal.
fn die(signal: Signal) -> ExitCode {
    // The standard library handles some signals once, and leaves the second one to the kernel.
    for _ in 0..2 {
        let _ = kill_process(getpid(), signal);
    }
    ExitCode::FAILURE
}
