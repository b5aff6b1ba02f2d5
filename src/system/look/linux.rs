//! Read from `/proc`.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Sample;
use crate::system::family::{self, Id};

/// Looks at every process of a family. Behind walls the head is none of the child's processes, and starts a group for those.
pub(crate) fn look(head: Id, walled: bool) -> Sample {
    let mut sample = Sample::default();
    // Behind walls nothing that the child starts can leave the head's family.
    let descendants = walled.then(|| family::descendants(head)).flatten();
    let folders = descendants.map_or_else(all, |pids| pids.into_iter().map(family::folder).collect());
    let processes: Vec<(PathBuf, Parentage)> = folders
        .into_iter()
        .filter_map(|folder| {
            let stat = fs::read_to_string(folder.join("stat")).ok()?;
            Some((folder, Parentage::read(&stat)?))
        })
        .collect();
    let head = head.cast_signed();
    let is_of_child = |group: i32| {
        let started_by_head = |process: &Parentage| process.parent == head && process.group == group;
        if walled {
            group != head && processes.iter().any(|(_, process)| started_by_head(process))
        } else {
            group == head
        }
    };
    for (path, _) in processes.iter().filter(|(_, process)| is_of_child(process.group)) {
        let Ok(threads) = fs::read_dir(path.join("task")) else { continue };
        let seen = sample.threads;
        for thread in threads.flatten() {
            add(&mut sample, &thread.path());
        }
        // One that ends meanwhile has none left.
        sample.processes += usize::from(sample.threads > seen);
    }
    sample
}

/// Every process of the machine, and what else `/proc` has.
fn all() -> Vec<PathBuf> {
    fs::read_dir("/proc")
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default()
}

fn add(sample: &mut Sample, thread: &Path) {
    sample.threads += 1;
    let runnable = sample.runnable.get_or_insert(0);
    if let Ok(stat) = fs::read_to_string(thread.join("stat")) {
        *runnable += usize::from(fields(&stat).next() == Some("R"));
    }
    // The first number is nanoseconds on a CPU; finer than the clock ticks in `stat`.
    if let Ok(schedule) = fs::read_to_string(thread.join("schedstat"))
        && let Some(nanoseconds) = schedule.split_whitespace().next().and_then(|n| n.parse().ok())
    {
        sample.cpu += Duration::from_nanos(nanoseconds);
    }
}

/// The fields of a `stat` line behind the command, which may itself hold spaces and parentheses.
fn fields(stat: &str) -> impl Iterator<Item = &str> {
    stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace()
}

/// Where a process comes from.
#[derive(Debug, PartialEq, Eq)]
struct Parentage {
    parent: i32,
    group: i32,
}

impl Parentage {
    fn read(stat: &str) -> Option<Self> {
        let mut fields = fields(stat).skip(1);
        Some(Self { parent: fields.next()?.parse().ok()?, group: fields.next()?.parse().ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_with_parentheses_does_not_shift_the_fields() {
        let read = Parentage::read("17 (a ) b (c) S 1 42 42 0");
        assert_eq!(read, Some(Parentage { parent: 1, group: 42 }));
    }
}
