//! Linux lets a process adopt the orphans among its descendants.

use std::path::Path;

use rustix::process::{Pid, Signal, WaitOptions, kill_process, set_child_subreaper, waitpid};

use crate::system::family::{self, Id};

/// From now on, descendants that lose their parent become children of this process; `false` where that cannot be.
pub(crate) fn adopt() -> bool {
    set_child_subreaper(Pid::from_raw(1)).is_ok()
}

/// Every child of this process; none where the system does not tell.
pub(crate) fn children() -> Vec<Id> {
    family::children(Path::new("/proc/self")).unwrap_or_default()
}

/// Ends an adopted process, and reaps it if it is dead.
pub(crate) fn end(process: Id) {
    let Some(pid) = i32::try_from(process).ok().and_then(Pid::from_raw) else { return };
    // Either may fail because the process is gone, which is what was wanted.
    let _ = kill_process(pid, Signal::KILL);
    let _ = waitpid(Some(pid), WaitOptions::NOHANG);
}
