//! `/proc` tells both.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

static SHARED_AMONG_SESSIONS: LazyLock<bool> = LazyLock::new(|| {
    let asked = fs::read_to_string("/proc/sys/kernel/sched_autogroup_enabled");
    let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    asked.is_ok_and(|asked| asked.trim() == "1") && in_no_group(&groups, Path::new("/sys/fs/cgroup"))
});

/// The threads of this machine that run or want to; `None` where one process has the cores for itself however many they are.
pub(crate) fn wanting_to_run() -> Option<usize> {
    if *SHARED_AMONG_SESSIONS {
        return None;
    }
    running(&fs::read_to_string("/proc/loadavg").ok()?)
}

/// The threads that run or want to, of `/proc/loadavg`: `0.20 0.18 0.12 1/80 11206`.
fn running(load: &str) -> Option<usize> {
    load.split_whitespace().nth(3)?.split_once('/')?.0.parse().ok()
}

/// Whether this process has its time from the machine, and not from a control group: `groups` is its `/proc/self/cgroup`,
/// `at` where control groups are mounted. What cannot be told counts as a group.
fn in_no_group(groups: &str, at: &Path) -> bool {
    // Number, controllers, path; of the unified hierarchy there are no controllers.
    let lines = groups.lines().filter_map(|line| {
        let mut parts = line.splitn(3, ':').skip(1);
        Some((parts.next()?, parts.next()?))
    });
    let lines: Vec<(&str, &str)> = lines.collect();
    let of = |wanted: &str| {
        let line = lines.iter().find(|(names, _)| names.split(',').any(|name| name == wanted));
        line.map(|(_, path)| *path)
    };
    match (of("cpu"), of("")) {
        // Only the outermost group has that file, and in a container its own looks like the outermost.
        (Some(path), _) => path == "/" && at.join("cpu/release_agent").exists(),
        (None, Some(path)) => {
            let group: PathBuf = at.join(path.trim_start_matches('/'));
            let mut above = group.ancestors().take_while(|folder| folder.starts_with(at));
            at.join("cgroup.controllers").exists() && !above.any(|folder| folder.join("cpu.weight").exists())
        }
        (None, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_threads_that_want_to_run_are_counted_by_the_system() {
        assert_eq!(running("0.20 0.18 0.12 131/980 11206\n"), Some(131));
        assert_eq!((running(""), running("0.20 0.18 0.12 ?")), (None, None));
    }

    #[test]
    fn a_control_group_is_seen_in_both_of_their_forms() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        let make = |path: &str| {
            fs::create_dir_all(at.join(path).parent().unwrap()).unwrap();
            fs::write(at.join(path), "").unwrap();
        };
        let old = "4:memory:/\n2:cpu,cpuacct:/\n0::/\n";
        assert!(!in_no_group(old, at), "a container sees no more than its own group");
        make("cpu/release_agent");
        assert!(in_no_group(old, at));
        assert!(!in_no_group("2:cpu,cpuacct:/docker/1\n", at));
        let new = "0::/user.slice/session-1.scope\n";
        assert!(!in_no_group(new, at), "nothing is mounted there");
        make("cgroup.controllers");
        assert!(in_no_group(new, at));
        make("user.slice/cpu.weight");
        assert!(!in_no_group(new, at));
        assert!(!in_no_group("", at));
    }
}
