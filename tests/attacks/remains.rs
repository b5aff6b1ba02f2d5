//! What attacks leave behind: processes and scratch folders. There must be none.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

/// A process that was killed may need a moment to be gone.
const TURNS: usize = 100;
const TURN: Duration = Duration::from_millis(100);

/// A line for each thing that is left behind. Processes are killed, so that they do not trouble what runs next.
pub(crate) async fn complain(home: &Path, mark: &str) -> Vec<String> {
    let mut left = processes(home, mark);
    for _ in 0..TURNS {
        if left.is_empty() {
            break;
        }
        tokio::time::sleep(TURN).await;
        left = processes(home, mark);
    }
    let mut complaints = Vec::new();
    for (pid, what) in left.iter().take(20) {
        complaints.push(format!("left behind: process {pid}: {what}"));
    }
    if left.len() > 20 {
        complaints.push(format!("left behind: {} more processes", left.len() - 20));
    }
    for (pid, _) in left {
        let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
        // It may have gone by itself meanwhile.
        let _ = pid.map(|pid| kill_process(pid, Signal::KILL));
    }
    complaints.extend(folders(home).iter().map(|folder| format!("left behind: {}", folder.display())));
    complaints
}

/// Processes that live in the grader's folder, know it, run from it, or carry the mark.
fn processes(home: &Path, mark: &str) -> Vec<(u32, String)> {
    let home = home.to_string_lossy().into_owned();
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        if pid == std::process::id() {
            continue;
        }
        let path = entry.path();
        let read = |file: &str| fs::read(path.join(file)).unwrap_or_default();
        let link = |file: &str| {
            fs::read_link(path.join(file)).map(|to| to.to_string_lossy().into_owned()).unwrap_or_default()
        };
        let command = String::from_utf8_lossy(&read("cmdline")).replace('\0', " ");
        let environment = String::from_utf8_lossy(&read("environ")).into_owned();
        let at_home = [link("cwd"), link("exe"), environment].iter().any(|text| text.contains(&home));
        if at_home || command.contains(mark) {
            found.push((pid, command));
        }
    }
    found
}

/// Scratch folders of tests: `builds/<dependencies>/<chapter>/<exercise>/<slot>/run-…`.
fn folders(home: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![(home.join("builds"), 0)];
    while let Some((folder, depth)) = open.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if entry.file_name().to_string_lossy().starts_with("run-") {
                found.push(path);
            } else if depth < 4 && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                open.push((path, depth + 1));
            }
        }
    }
    found
}
