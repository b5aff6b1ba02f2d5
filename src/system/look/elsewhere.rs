//! Asked of `sysinfo`: the head, and every process that descends from it.

use std::collections::BTreeSet;
use std::time::Duration;

use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};

use super::Sample;
use crate::system::family::Id;

/// Looks at every process of a family. There are no walls here, so the head is always the child.
pub(crate) fn look(head: Id, _walled: bool) -> Sample {
    let mut sample = Sample::default();
    with_family(head, |process| {
        sample.processes.push(process.pid().as_u32());
        sample.cpu += Duration::from_millis(process.accumulated_cpu_time());
    });
    sample
}

/// Ends every process of a family.
#[cfg(windows)]
pub(crate) fn end(head: Id) {
    with_family(head, |process| {
        // One that has ended by itself cannot be ended.
        let _ = process.kill();
    });
}

fn with_family(head: Id, mut each: impl FnMut(&sysinfo::Process)) {
    let Ok(mut system) = System::new() else { return };
    let _ = system.refresh_processes_specifics(
        ProcessesToUpdate::All,
        true,
        ProcessRefreshKind::nothing().with_cpu().without_tasks(),
    );
    let mut family = BTreeSet::from([Pid::from_u32(head)]);
    // A parent may have a larger number than its child, so one pass is not enough.
    loop {
        let known = family.len();
        for (pid, process) in system.processes() {
            if process.parent().is_some_and(|parent| family.contains(&parent)) {
                family.insert(*pid);
            }
        }
        if family.len() == known {
            break;
        }
    }
    family.iter().filter_map(|pid| system.process(*pid)).for_each(&mut each);
}
