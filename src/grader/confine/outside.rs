//! The process that the grader starts: it makes the namespaces and the root folder, lets `inside` go on when both are
//! ready, and ends as the child ends. It is not in the namespace of processes, so the child cannot reach it.

use std::ffi::OsString;
use std::io::{self, Read};
use std::process::{Child, Command, ExitCode, Stdio};

use rustix::process::{
    Pid, Signal, WaitOptions, WaitStatus, getpid, kill_process, set_parent_process_death_signal, umask,
    waitpid,
};

use super::namespaces::{self, StepDown};
use super::root::Root;
use super::walls::{FIRST, INSIDE, fail};
use super::{NOT_BUILT, Order, WORD, inside};

/// Builds what encloses all processes of the child, runs it, and ends as it ended: by exit code or by signal.
pub(super) fn run(order: &Order, text: OsString, command: impl Iterator<Item = OsString>) -> ExitCode {
    match start(order, text, command) {
        Ok(status) => end_as(status),
        Err(mut problems) => {
            // The machine's owner wants the whole list.
            let known = problems.clone();
            problems.extend(inside::missing(&order.walls).into_iter().filter(|why| !known.contains(why)));
            fail(&problems);
            die(Signal::SYS)
        }
    }
}

fn start(
    order: &Order,
    text: OsString,
    command: impl Iterator<Item = OsString>,
) -> Result<WaitStatus, Vec<String>> {
    let one = |wall: &'static str| move |why: String| vec![format!("{wall}: {why}")];
    follow(order.grader).map_err(one("end"))?;
    // Folders that are made here can be entered by nobody, whatever the grader's user prefers.
    umask(rustix::fs::Mode::from_raw_mode(0o022));
    let step_down = namespaces::separate().map_err(one("namespaces"))?;
    if order.walls.loopback {
        namespaces::loopback_up().map_err(one("network"))?;
    }
    rustix::system::sethostname(b"tokiolings")
        .map_err(|error| format!("the host's name cannot be hidden: {error}{}", namespaces::why_not()))
        .map_err(one("namespaces"))?;
    let down = if step_down == StepDown::FromRoot { "down" } else { "" };
    let started = |error: io::Error| vec![format!("processes: cannot start: {error}")];
    // Its input ends when this process does, whatever ends that.
    let mut first = this_program(FIRST)
        .arg(down)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(started)?;
    let child = this_program(INSIDE).arg(down).arg(text).args(command).spawn().map_err(started)?;
    // Meanwhile the child has time to start.
    let root = Root::build(&order.walls).map_err(one("files"))?;
    let pid = pid_of(&child);
    // Both still need what is in the old one.
    let ready = first.stdout.take().map_or(Ok(0), |mut ready| ready.read(&mut [0]));
    if !ready.is_ok_and(|bytes| bytes == 1) {
        // It has said why.
        return Err(Vec::new());
    }
    wait_for_stop(pid)?;
    root.enter().map_err(one("files"))?;
    let go_on = || kill_process(pid, Signal::CONT).map_err(|error| vec![format!("processes: {error}")]);
    go_on()?;
    wait_for_stop(pid)?;
    go_on()?;
    let status = wait(pid, WaitOptions::empty());
    // With the first process all others end; when it is gone, so are they.
    let _ = first.kill();
    let _ = first.wait();
    status.map_err(|error| vec![format!("processes: the child is lost: {error}")])
}

/// Whatever happens to the grader, even SIGKILL, nothing that it started goes on.
fn follow(grader: u32) -> Result<(), String> {
    set_parent_process_death_signal(Some(Signal::KILL))
        .map_err(|error| format!("cannot be tied to the grader's life: {error}"))?;
    // It may have ended before that.
    let parent = rustix::process::getppid().map(|pid| pid.as_raw_nonzero().get().unsigned_abs());
    if parent == Some(grader) { Ok(()) } else { Err("the grader is gone".to_owned()) }
}

#[expect(clippy::disallowed_methods, reason = "the first processes of a child: there is no runtime here")]
fn this_program(role: &str) -> Command {
    // Not its path: there may be a newer program by now.
    let mut command = Command::new("/proc/self/exe");
    command.arg(WORD).arg(role);
    command
}

fn pid_of(child: &Child) -> Pid {
    Pid::from_raw(i32::try_from(child.id()).expect("the kernel counts processes in `i32`"))
        .expect("a child has a number above 0")
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
