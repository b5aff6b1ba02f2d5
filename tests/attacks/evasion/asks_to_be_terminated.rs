//! attacks: lazy_call
//! expects: crashed|failed
//! stopped by: report-needed
//!
//! A shell ends the test with a signal that looks like the grader's own.

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
    let _ = Command::new("sh").args(["-c", "kill -TERM $PPID"]).status();
}

fn main() {}
