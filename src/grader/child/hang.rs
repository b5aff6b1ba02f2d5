//! What a process was doing when its time was up: asleep, or burning a CPU. Read from `/proc`, where there is one.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use rustix::process::Pid;

use super::family;
use crate::verdict::{Hang, HangKind};

/// Between two looks. The scheduler gives a runnable thread a turn at least once in that time, on any machine that a
/// learner would call usable.
pub(crate) const INTERVAL: Duration = Duration::from_millis(100);

/// One look at all threads of a process group.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Sample {
    /// CPU time used so far.
    cpu: Duration,
    threads: usize,
    /// Threads that run or wait for a CPU.
    runnable: usize,
}

impl Sample {
    /// Looks at every process of the group that `leader` leads. Behind walls the leader is none of the child's
    /// processes, and starts a group for those.
    pub(crate) fn take(leader: Pid, walled: bool) -> Self {
        let mut sample = Self::default();
        let leader = leader.as_raw_nonzero().get();
        // Behind walls nothing that the child starts can leave the leader's family.
        let family = walled.then(|| family::descendants(leader)).flatten();
        let folders = family.map_or_else(all, |family| family.into_iter().map(family::folder).collect());
        let processes: Vec<(PathBuf, Parentage)> = folders
            .into_iter()
            .filter_map(|folder| {
                let stat = fs::read_to_string(folder.join("stat")).ok()?;
                Some((folder, Parentage::read(&stat)?))
            })
            .collect();
        let is_of_child = |group: i32| {
            let started_by_leader = |process: &Parentage| process.parent == leader && process.group == group;
            if walled {
                group != leader && processes.iter().any(|(_, process)| started_by_leader(process))
            } else {
                group == leader
            }
        };
        for (path, _) in processes.iter().filter(|(_, process)| is_of_child(process.group)) {
            let Ok(threads) = fs::read_dir(path.join("task")) else { continue };
            for thread in threads.flatten() {
                sample.add(&thread.path());
            }
        }
        sample
    }

    fn add(&mut self, thread: &std::path::Path) {
        self.threads += 1;
        if let Ok(stat) = fs::read_to_string(thread.join("stat"))
            && fields(&stat).next() == Some("R")
        {
            self.runnable += 1;
        }
        // The first number is nanoseconds on a CPU; finer than the clock ticks in `stat`.
        if let Ok(schedule) = fs::read_to_string(thread.join("schedstat"))
            && let Some(nanoseconds) = schedule.split_whitespace().next().and_then(|n| n.parse().ok())
        {
            self.cpu += Duration::from_nanos(nanoseconds);
        }
    }
}

/// Every process of the machine, and what else `/proc` has.
fn all() -> Vec<PathBuf> {
    fs::read_dir("/proc")
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default()
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

/// Who prints this many bytes between two looks prints all the time: a screen of text.
const FLOOD: u64 = 4 * 1024;

/// What two looks, [`INTERVAL`] apart, and the number of bytes that were printed between them say.
///
/// A thread that prints faster than it is read is asleep at most looks, in its write.
pub(crate) fn explain(before: &Sample, after: &Sample, printed: u64) -> Hang {
    let used = after.cpu.saturating_sub(before.cpu);
    let printing = printed >= FLOOD;
    let kind = if after.threads == 0 {
        HangKind::Unknown
    } else if printing
        || after.runnable > 0 && (before.runnable > 0 || used > INTERVAL / 20)
        || used > INTERVAL / 5
    {
        HangKind::Spinning
    } else {
        HangKind::Parked
    };
    Hang {
        kind,
        stage: None,
        cpu_seconds: (after.cpu.as_secs_f64() * 100.0).round() / 100.0,
        threads: after.threads,
        printing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(cpu_ms: u64, threads: usize, runnable: usize) -> Sample {
        Sample { cpu: Duration::from_millis(cpu_ms), threads, runnable }
    }

    #[test]
    fn all_asleep_is_parked_whatever_was_used_before() {
        assert_eq!(explain(&sample(700, 3, 0), &sample(700, 3, 0), 0).kind, HangKind::Parked);
    }

    #[test]
    fn a_burning_cpu_is_spinning_also_on_a_loaded_machine() {
        assert_eq!(explain(&sample(700, 1, 1), &sample(798, 1, 1), 0).kind, HangKind::Spinning);
        assert_eq!(explain(&sample(700, 1, 1), &sample(703, 1, 1), 0).kind, HangKind::Spinning);
    }

    #[test]
    fn a_short_wake_up_is_not_spinning() {
        assert_eq!(explain(&sample(700, 2, 0), &sample(701, 2, 0), 0).kind, HangKind::Parked);
    }

    #[test]
    fn sleeping_between_polls_burns_enough_to_be_told_apart() {
        assert_eq!(explain(&sample(700, 1, 0), &sample(725, 1, 0), 0).kind, HangKind::Spinning);
    }

    #[test]
    fn whoever_prints_all_the_time_is_busy_though_its_writes_sleep() {
        let hang = explain(&sample(700, 1, 0), &sample(701, 1, 0), FLOOD);
        assert_eq!((hang.kind, hang.printing), (HangKind::Spinning, true));
        let hang = explain(&sample(700, 1, 0), &sample(701, 1, 0), FLOOD - 1);
        assert_eq!((hang.kind, hang.printing), (HangKind::Parked, false));
    }

    #[test]
    fn without_proc_nothing_is_claimed() {
        assert_eq!(explain(&Sample::default(), &Sample::default(), 0).kind, HangKind::Unknown);
    }

    #[test]
    fn a_command_with_parentheses_does_not_shift_the_fields() {
        let read = Parentage::read("17 (a ) b (c) S 1 42 42 0");
        assert_eq!(read, Some(Parentage { parent: 1, group: 42 }));
    }
}
