//! attacks: lazy_call
//! expects: crashed|failed
//! stopped by: key,test-names
//!
//! Starts its own program with an order of its own: a key of zeros and the name of a test that passes. Then it
//! hands on what that run reports, and leaves with exit code 0.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::fd::{AsFd, OwnedFd};
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
    let Ok(program) = std::env::current_exe() else { return };
    let (mut ours, theirs) = UnixStream::pair().unwrap();
    writeln!(ours, "{} greet_is_a_plan_too", "0".repeat(32)).unwrap();
    ours.shutdown(Shutdown::Write).unwrap();
    let started = Command::new(program).stdin(OwnedFd::from(theirs)).spawn();
    if let Ok(mut child) = started {
        let _ = child.wait();
        let mut report = Vec::new();
        ours.read_to_end(&mut report).unwrap();
        let grader = std::io::stdin().as_fd().try_clone_to_owned().unwrap();
        UnixStream::from(grader).write_all(&report).unwrap();
        std::process::exit(0);
    }
}

fn main() {}
