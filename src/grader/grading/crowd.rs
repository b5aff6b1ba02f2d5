//! Hundreds of threads that want to run, and what they leave to others.
//!
//! Behind walls each child has a session of its own, and the kernel shares the cores among sessions: a crowd of threads has
//! no more of them than one thread of somebody else. In a control group, as that of a container, it shares them among
//! threads, and next to a crowd an honest compile may take minutes. There a crowd has to be seen.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Duration;

/// Threads that want to run, for each core, where there is a crowd. Eight compilers and tests are at work on each at most,
/// with a few threads each.
const CROWD: usize = 64;

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(250);

static SHARED_AMONG_SESSIONS: LazyLock<bool> = LazyLock::new(|| {
    let asked = fs::read_to_string("/proc/sys/kernel/sched_autogroup_enabled");
    let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    asked.is_ok_and(|asked| asked.trim() == "1") && in_no_group(&groups, Path::new("/sys/fs/cgroup"))
});

/// Waits for a grading, and looks for a crowd meanwhile. Says whether there was one that may have taken the cores from it.
pub(super) async fn beside<T>(grading: impl Future<Output = T>) -> (T, bool) {
    let crowd = || !*SHARED_AMONG_SESSIONS && in_a_crowd();
    watched(grading, crowd).await
}

async fn watched<T>(grading: impl Future<Output = T>, crowd: impl Fn() -> bool) -> (T, bool) {
    let mut seen = false;
    tokio::pin!(grading);
    loop {
        tokio::select! {
            found = &mut grading => return (found, seen),
            () = tokio::time::sleep(PAUSE), if !seen => seen = crowd(),
        }
    }
}

/// Whether more threads of this machine want to run than honest gradings have.
fn in_a_crowd() -> bool {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    running(&load).is_some_and(|running| running > CROWD * cores)
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

    #[tokio::test(start_paused = true)]
    async fn a_crowd_is_seen_whenever_it_was_there() {
        let graded = |seconds| tokio::time::sleep(Duration::from_secs(seconds));
        let looks = std::cell::Cell::new(0);
        let third = || {
            looks.set(looks.get() + 1);
            looks.get() == 3
        };
        assert!(watched(graded(10), third).await.1);
        assert_eq!(looks.get(), 3);
        assert!(!watched(graded(10), || false).await.1);
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
