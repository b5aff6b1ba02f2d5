//! Read from `/proc`.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::param::clock_ticks_per_second;

use super::{Sample, Stillness};
use crate::system::family::{self, Id};
use crate::system::waits::{Alarm, alarm_of};

/// Looks at every process of a family. Behind walls the head is none of the child's processes, and starts a group for those.
pub(crate) fn look(head: Id, walled: bool) -> Sample {
    let mut sample = Sample {
        stillness: Some(Stillness { alarm: Alarm::None, ..Stillness::default() }),
        ..Sample::default()
    };
    let mut ended = Duration::ZERO;
    let folders =
        candidates(head, walled).map_or_else(all, |pids| pids.into_iter().map(family::folder).collect());
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
        let before = sample.cpu;
        for thread in threads.flatten() {
            add(&mut sample, &thread.path());
        }
        // Threads that have ended count for their process alone, in coarser steps.
        ended += cpu_of_process(path).saturating_sub(sample.cpu.saturating_sub(before));
        // One that ends meanwhile has none left.
        if sample.threads > seen {
            sample.processes.extend(number(path));
        }
    }
    sample.cpu += ended;
    sample.stillness = sample.stillness.filter(|_| !sample.processes.is_empty());
    sample
}

/// Processes among which those of the family are; `None` where the system does not tell who has started whom. Behind walls
/// nothing that the child starts can leave the head's family; without, this process has adopted what has lost its parent.
fn candidates(head: Id, walled: bool) -> Option<Vec<Id>> {
    let mut found = family::descendants(head)?;
    if walled {
        return Some(found);
    }
    found.push(head);
    for child in family::children(Path::new("/proc/self"))? {
        let is_orphan = child != head && group_of(child) == Some(head.cast_signed());
        if is_orphan {
            found.push(child);
            found.extend(family::descendants(child).unwrap_or_default());
        }
    }
    Some(found)
}

/// The process in that folder of `/proc`.
fn number(folder: &Path) -> Option<Id> {
    folder.file_name()?.to_str()?.parse().ok()
}

fn group_of(pid: Id) -> Option<i32> {
    let stat = fs::read_to_string(family::folder(pid).join("stat")).ok()?;
    Parentage::read(&stat).map(|process| process.group)
}

/// Every process of the machine, and what else `/proc` has.
fn all() -> Vec<PathBuf> {
    fs::read_dir("/proc")
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default()
}

fn add(sample: &mut Sample, thread: &Path) {
    sample.threads += 1;
    let stat = fs::read_to_string(thread.join("stat")).unwrap_or_default();
    let state = fields(&stat).next();
    *sample.runnable.get_or_insert(0) += usize::from(state == Some("R"));
    let schedule = fs::read_to_string(thread.join("schedstat")).ok().and_then(|text| Schedule::read(&text));
    if let Some(schedule) = &schedule {
        sample.cpu += schedule.ran;
    }
    // One that waits for a disk (`D`) or was stopped (`T`) is not asleep: something else will let it go on.
    sample.stillness = match (sample.stillness, schedule) {
        (Some(still), Some(schedule)) if state == Some("S") => Some(Stillness {
            threads: still.threads + 1,
            ran: still.ran + schedule.ran,
            turns: still.turns + schedule.turns,
            alarm: still.alarm.max(alarm_of(thread)),
        }),
        _ => None,
    };
}

/// CPU time of all threads that a process has had.
fn cpu_of_process(process: &Path) -> Duration {
    let stat = fs::read_to_string(process.join("stat")).unwrap_or_default();
    // User and system time; the state is the first field behind the command.
    let ticks: u64 = fields(&stat).skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_secs(ticks) / u32::try_from(clock_ticks_per_second()).unwrap_or(100)
}

/// The three numbers of `schedstat`, without the time spent waiting for a CPU. The first is finer than the clock ticks in `stat`.
struct Schedule {
    ran: Duration,
    turns: u64,
}

impl Schedule {
    fn read(text: &str) -> Option<Self> {
        let mut numbers = text.split_whitespace().map(str::parse::<u64>);
        let ran = Duration::from_nanos(numbers.next()?.ok()?);
        // A kernel that does not keep these has zeros, which would say that a busy thread has done nothing.
        let turns = numbers.nth(1)?.ok()?;
        (turns > 0).then_some(Self { ran, turns })
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
