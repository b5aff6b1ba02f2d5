//! attacks: lazy_call
//! expects: crashed|failed
//! stopped by: report-needed
//!
//! The process becomes `true`, which ends with exit code 0.

use std::os::unix::process::CommandExt;
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
    let error = Command::new("true").exec();
    panic!("{error}");
}

fn main() {}
