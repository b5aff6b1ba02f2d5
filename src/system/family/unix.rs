//! Families are process groups.

use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use process_wrap::tokio::{ChildWrapper, CommandWrap, ProcessGroup};
use rustix::process::{Pid, Signal, kill_process_group, setpriority_process};

use super::Id;

/// The signal that ends the process that the grader starts when a wall could not be built.
pub(crate) const NOT_BUILT: i32 = Signal::SYS.as_raw();

/// The signal that ends a process that has used the CPU for as long as it may.
pub(crate) const CPU_IS_UP: i32 = Signal::XCPU.as_raw();

/// What the system calls the lowest priority.
const LOWEST: i32 = 19;

/// The command's child becomes the head of a family.
pub(crate) fn found(command: &mut CommandWrap) {
    command.wrap(ProcessGroup::leader());
}

/// The family of a child that was started as its head; none once it has been waited for.
pub(crate) fn id_of(child: &dyn ChildWrapper) -> Option<Id> {
    child.id()
}

/// Waits for the end of the head.
pub(crate) async fn wait(child: &mut dyn ChildWrapper) -> io::Result<ExitStatus> {
    child.wait().await
}

/// The signal that ended a process, if one did.
pub(crate) fn ended_by(status: ExitStatus) -> Option<i32> {
    status.signal()
}

/// Asks the whole family to end; `false` where the system has no way to ask.
pub(crate) fn terminate(family: Id) -> bool {
    send(family, Signal::TERM);
    true
}

/// Does what Ctrl-C does, for the whole family.
pub(crate) fn interrupt(family: Id) {
    send(family, Signal::INT);
}

/// Ends what is left of a family, whose head is `child`.
pub(crate) fn kill(family: Id, _child: &mut dyn ChildWrapper) {
    kill_left(family);
}

/// The same, for a family whose head is being dropped.
pub(crate) fn kill_left(family: Id) {
    send(family, Signal::KILL);
}

/// Lets the family, and what it will start, run when nothing else wants to. Where the system refuses, it is only less polite.
pub(crate) fn give_way(family: Option<Id>) {
    let _ = setpriority_process(family.and_then(group), LOWEST);
}

/// What the system calls a low priority: a tenth of a usual one's share.
const LOW: i32 = 10;

/// Leaves a tenth of their share of the CPU to those processes while others want it. Where the system refuses, they keep it.
pub(crate) fn yield_to_others(processes: &[Id]) {
    for &process in processes {
        #[cfg(target_os = "linux")]
        super::linux::yield_to_others(process, LOW);
        #[cfg(not(target_os = "linux"))]
        if let Some(process) = group(process) {
            let _ = setpriority_process(Some(process), LOW);
        }
    }
}

/// Has the kernel end the head of a family, and each process that it will start, after so many CPU seconds, where the system
/// can limit others. A test that does not hang is far from it.
pub(crate) fn limit_cpu(family: Id, seconds: u64) {
    #[cfg(target_os = "linux")]
    super::linux::limit_cpu(group(family), seconds);
    #[cfg(not(target_os = "linux"))]
    let _ = (family, seconds);
}

fn send(family: Id, signal: Signal) {
    if let Some(group) = group(family) {
        // A family that is gone needs no signal, so a failure means that the work is done.
        let _ = kill_process_group(group, signal);
    }
}

fn group(family: Id) -> Option<Pid> {
    i32::try_from(family).ok().and_then(Pid::from_raw)
}
