//! Who a process has started, as `/proc` tells it.

use std::fs;
use std::path::{Path, PathBuf};

use rustix::process::{Pid, Resource, Rlimit, prlimit, setpriority_process};

use super::Id;

/// The children of the process in that folder of `/proc`; `None` where the system does not tell.
pub(crate) fn children(process: &Path) -> Option<Vec<Id>> {
    let mut children = Vec::new();
    for thread in fs::read_dir(process.join("task")).ok()?.flatten() {
        match fs::read_to_string(thread.path().join("children")) {
            Ok(list) => children.extend(list.split_whitespace().filter_map(|pid| pid.parse::<Id>().ok())),
            // A thread that has ended meanwhile has no children, and a kernel without this file has none for any.
            Err(_) if thread.path().join("stat").exists() => return None,
            Err(_) => {}
        }
    }
    Some(children)
}

/// All that come from a process, without itself; `None` where the system does not tell.
pub(crate) fn descendants(pid: Id) -> Option<Vec<Id>> {
    let mut found = children(&folder(pid))?;
    let mut seen = 0;
    while let Some(&next) = found.get(seen) {
        seen += 1;
        // One that has ended meanwhile has none.
        found.extend(children(&folder(next)).unwrap_or_default());
    }
    Some(found)
}

/// The hard limit comes later, for a process that has learnt to ignore the first signal.
pub(super) fn limit_cpu(head: Option<Pid>, seconds: u64) {
    let limit = Rlimit { current: Some(seconds), maximum: Some(seconds + 1) };
    // To the system no number is this process itself. One that is gone needs no limit.
    if head.is_some() {
        let _ = prlimit(head, Resource::Cpu, limit);
    }
}

/// Linux gives each thread a priority of its own, and each session a share of its own where it groups processes by session
/// (`autogroup`): behind walls every test is one.
pub(super) fn yield_to_others(process: Id, priority: i32) {
    let folder = folder(process);
    for thread in fs::read_dir(folder.join("task")).into_iter().flatten().flatten() {
        let number = thread.file_name().to_str().and_then(|name| name.parse().ok()).and_then(Pid::from_raw);
        if number.is_some() {
            let _ = setpriority_process(number, priority);
        }
    }
    let _ = fs::write(folder.join("autogroup"), priority.to_string());
}

/// Where `/proc` tells about a process.
pub(crate) fn folder(pid: Id) -> PathBuf {
    Path::new("/proc").join(pid.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::disallowed_methods, reason = "there is no runtime here to block")]
    #[test]
    fn a_family_has_children_and_theirs() {
        let mut shell = std::process::Command::new("sh");
        // The output of the second tells that it is there; it ends with its input.
        shell
            .args(["-c", "cat; true"])
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped());
        let mut shell = shell.spawn().unwrap();
        let mut input = shell.stdin.take().unwrap();
        std::io::Write::write_all(&mut input, b"x").unwrap();
        std::io::Read::read_exact(shell.stdout.as_mut().unwrap(), &mut [0]).unwrap();
        let pid = shell.id();
        assert!(children(Path::new("/proc/self")).unwrap().contains(&pid));
        assert_eq!(descendants(pid).map(|found| found.len()), Some(1));
        drop(input);
        shell.wait().unwrap();
        assert_eq!(descendants(pid), None);
    }
}
