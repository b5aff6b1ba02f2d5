//! attacks: lazy_call
//! expects: failed
//! stopped by: key
//!
//! Looks for 32 hex digits in the arguments, the environment, the current folder and its files.

use std::io::Write;
use std::os::fd::AsFd;
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
    let mut seen: Vec<u8> = Vec::new();
    for word in std::env::args() {
        seen.extend(word.bytes().chain([0]));
    }
    for (name, value) in std::env::vars() {
        seen.extend(name.bytes().chain([0]).chain(value.bytes()).chain([0]));
    }
    for entry in std::fs::read_dir(".").into_iter().flatten().flatten() {
        seen.extend(entry.file_name().as_encoded_bytes());
        seen.push(0);
        seen.extend(std::fs::read(entry.path()).unwrap_or_default());
    }
    try_keys(keys(&seen));
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
