//! Families are job objects.

use std::io;
use std::process::ExitStatus;

use process_wrap::tokio::{ChildWrapper, CommandWrap, JobObject};

use super::Id;
use crate::system::look;

/// No limit of CPU time is set here, so none is met.
pub(crate) const CPU_IS_UP: i32 = i32::MIN + 1;

/// No walls are built here, so none is missing by this number.
pub(crate) const NOT_BUILT: i32 = i32::MIN;

/// Codes with which the system ends a program that did not choose one, and the signals that mean the same: the words for those are known.
const SIGNALS: &[(u32, i32)] = &[
    // Illegal instruction.
    (0xC000_001D, 4),
    // `abort`, by the instruction that is made for it.
    (0xC000_0409, 6),
    // Division by zero.
    (0xC000_0094, 8),
    // Access violation, and a stack that is full.
    (0xC000_0005, 11),
    (0xC000_00FD, 11),
    // Ctrl-C.
    (0xC000_013A, 2),
];

/// The command's child becomes the head of a family.
pub(crate) fn found(command: &mut CommandWrap) {
    command.wrap(JobObject);
}

/// The family of a child that was started as its head; none once it has been waited for.
pub(crate) fn id_of(child: &dyn ChildWrapper) -> Option<Id> {
    child.id()
}

/// Waits for the end of the head. The job's own wait is for all, and one that stays must not keep a verdict.
pub(crate) async fn wait(child: &mut dyn ChildWrapper) -> io::Result<ExitStatus> {
    child.inner_mut().wait().await
}

/// The signal that ended a process, as far as its code says so.
pub(crate) fn ended_by(status: ExitStatus) -> Option<i32> {
    let code = u32::from_ne_bytes(status.code()?.to_ne_bytes());
    SIGNALS.iter().find(|(known, _)| *known == code).map(|(_, signal)| *signal)
}

/// Asks the whole family to end; `false` because the system has no way to ask.
pub(crate) fn terminate(_family: Id) -> bool {
    false
}

/// Ends the whole family: a Ctrl-C cannot be sent to one family alone.
pub(crate) fn interrupt(family: Id) {
    look::end(family);
}

/// Ends what is left of a family, whose head is `child`.
pub(crate) fn kill(_family: Id, child: &mut dyn ChildWrapper) {
    // It fails when nothing is left.
    let _ = child.start_kill();
}

/// The same, for a family whose head is being dropped: its job goes with it, and all that is in the job.
pub(crate) fn kill_left(_family: Id) {}

/// The system's limit of CPU time is one of jobs, and `process-wrap` sets none.
pub(crate) fn limit_cpu(_family: Id, _seconds: u64) {}

/// Nothing here: all keep their share.
pub(crate) fn yield_to_others(_processes: &[Id]) {}

/// Priorities are left as they are: no safe call sets them.
pub(crate) fn give_way(_family: Option<Id>) {}

#[cfg(test)]
mod tests {
    use std::os::windows::process::ExitStatusExt;

    use super::*;

    #[test]
    fn a_crash_is_told_by_its_code() {
        assert_eq!(ended_by(ExitStatus::from_raw(0xC000_0409)), Some(6));
        assert_eq!(ended_by(ExitStatus::from_raw(0xC000_00FD)), Some(11));
        assert_eq!(ended_by(ExitStatus::from_raw(101)), None);
    }
}
