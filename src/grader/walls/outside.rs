//! The process that the grader starts: it makes the namespaces before it knows what for, and waits. With its order comes
//! what to build: a root folder. It lets `inside` go on when all is ready, which then waits for its command, and ends as
//! the child ends. It is not in the namespace of processes, so the child cannot reach it.

use std::fs::File;
use std::io::Read;
use std::os::fd::OwnedFd;
use std::process::ExitCode;

use fork::{Fork, fork};
use rustix::pipe::{PipeFlags, pipe_with};
use rustix::process::{
    Pid, Signal, WaitOptions, WaitStatus, getpid, kill_process, set_parent_process_death_signal, umask,
    waitpid,
};
use rustix::stdio;

use super::inside::{self, First};
use super::message;
use super::namespaces::{self, StepDown};
use super::order::Order;
use super::root::Root;
use super::word::fail;
use crate::system::family::NOT_BUILT;

/// Which of the three processes it is that comes back. The other two are forks of `outside`, which has one thread, all of
/// which a fork has, too; to start the program anew would cost a millisecond for each.
enum Returned<T> {
    /// `outside`, with what it has come to.
    Outside(T),
    /// One of the others, with what it ends with.
    Other(ExitCode),
}

/// Namespaces, and the first process in them.
struct Ready {
    step_down: bool,
    first: Pid,
    /// Open as long as this process is alive, whatever ends it.
    alive: OwnedFd,
    /// What the first process says: that it needs nothing more, or why it cannot be one.
    heard: OwnedFd,
}

/// A child that is enclosed, and waits for its command or carries it out.
struct Built {
    first: Pid,
    child: Pid,
    alive: OwnedFd,
}

/// Makes what needs no order, waits for one on the socket that is its input, and carries it out; ends as the child ended, by
/// exit code or by signal. `None` if the input is no such socket.
pub(super) fn run(grader: u32) -> Option<ExitCode> {
    rustix::net::sockopt::socket_type(stdio::stdin()).ok()?;
    let ready = match get_ready(grader) {
        Ok(Returned::Outside(ready)) => Ok(ready),
        Ok(Returned::Other(code)) => return Some(code),
        Err(problems) => Err(problems),
    };
    // The grader needs no more, or is gone, or nobody gives orders here.
    let Ok(Some(order)) = message::receive_order(stdio::stdin()) else {
        return Some(ExitCode::FAILURE);
    };
    let ended = ready.and_then(|ready| ready.build(&order)).and_then(|built| match built {
        Returned::Outside(built) => built.watch().map(end_as),
        Returned::Other(code) => Ok(code),
    });
    Some(ended.unwrap_or_else(|problems| tell(problems, &order)))
}

/// Says what is wrong as soon as there is somebody to tell, and ends as a process does that could not build its walls.
fn tell(mut problems: Vec<String>, order: &Order) -> ExitCode {
    let Ok(Some((_, streams))) = message::receive(stdio::stdin()) else {
        return ExitCode::FAILURE;
    };
    if message::take(streams).is_err() {
        return ExitCode::FAILURE;
    }
    // The machine's owner wants the whole list.
    let known = problems.clone();
    problems.extend(inside::missing(&order.walls).into_iter().filter(|why| !known.contains(why)));
    fail(&problems);
    die(Signal::SYS)
}

fn one(wall: &'static str) -> impl Fn(String) -> Vec<String> {
    move |why| vec![format!("{wall}: {why}")]
}

fn get_ready(grader: u32) -> Result<Returned<Ready>, Vec<String>> {
    follow(grader).map_err(one("end"))?;
    // Folders that are made here can be entered by nobody, whatever the grader's user prefers.
    umask(rustix::fs::Mode::from_raw_mode(0o022));
    let step_down = namespaces::separate().map_err(one("namespaces"))? == StepDown::FromRoot;
    rustix::system::sethostname(b"tokiolings")
        .map_err(|error| format!("the host's name cannot be hidden: {error}{}", namespaces::why_not()))
        .map_err(one("namespaces"))?;
    let ((ended, alive), (heard, ready)) = (pipe()?, pipe()?);
    let Some(first) = fork_one()? else {
        drop((alive, heard));
        return Ok(Returned::Other(inside::wait_as_first(step_down, First { ended, ready })));
    };
    Ok(Returned::Outside(Ready { step_down, first, alive, heard }))
}

impl Ready {
    /// Builds all that stands around the child, which then waits for its command.
    fn build(self, order: &Order) -> Result<Returned<Built>, Vec<String>> {
        let Self { step_down, first, alive, heard } = self;
        if order.walls.loopback {
            namespaces::loopback_up().map_err(one("network"))?;
        }
        let (trouble, said) = pipe()?;
        let Some(child) = fork_one()? else {
            drop((alive, heard, trouble));
            return Ok(Returned::Other(inside::run(step_down, order, said)));
        };
        drop(said);
        // Meanwhile the child prepares itself.
        let root = Root::build(&order.walls).map_err(one("files"))?;
        // Both still need what is in the old one.
        hear(heard)?;
        let trouble = wait_for_stop(child, trouble)?;
        let entered = root.enter().map_err(one("files"))?;
        let go_on = || kill_process(child, Signal::CONT).map_err(|error| vec![format!("processes: {error}")]);
        // It encloses itself while the old root goes.
        go_on()?;
        entered.leave_the_old_one().map_err(one("files"))?;
        wait_for_stop(child, trouble)?;
        go_on()?;
        Ok(Returned::Outside(Built { first, child, alive }))
    }
}

impl Built {
    /// Waits for the end of the child, and ends the others.
    fn watch(self) -> Result<WaitStatus, Vec<String>> {
        let Self { first, child, alive } = self;
        let status = wait(child, WaitOptions::empty());
        // With the first process all others end; when it is gone, so are they.
        let _ = kill_process(first, Signal::KILL);
        let _ = wait(first, WaitOptions::empty());
        drop(alive);
        status.map_err(|error| vec![format!("processes: the child is lost: {error}")])
    }
}

/// The end to read, and the end to write.
fn pipe() -> Result<(OwnedFd, OwnedFd), Vec<String>> {
    pipe_with(PipeFlags::CLOEXEC).map_err(|error| vec![format!("processes: cannot talk: {error}")])
}

/// Waits until the first process stands ready.
fn hear(heard: OwnedFd) -> Result<(), Vec<String>> {
    let mut said = String::new();
    let read = File::from(heard).read_to_string(&mut said);
    match (read, said.as_str()) {
        (Ok(_), inside::READY) => Ok(()),
        (Ok(_), "") => Err(vec!["processes: the first one is lost".to_owned()]),
        (Ok(_), _) => Err(vec![said]),
        (Err(error), _) => Err(vec![format!("processes: the first one is lost: {error}")]),
    }
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

/// Waits until the child has done its part and has stopped itself, or has said what is wrong.
fn wait_for_stop(pid: Pid, trouble: OwnedFd) -> Result<OwnedFd, Vec<String>> {
    match wait(pid, WaitOptions::UNTRACED) {
        Ok(status) if status.stopped() => Ok(trouble),
        Ok(_) => {
            let mut said = String::new();
            let _ = File::from(trouble).read_to_string(&mut said);
            Err(vec![if said.is_empty() { "processes: the child is lost".to_owned() } else { said }])
        }
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
