//! attacks: lazy_call
//! expects: crashed|failed
//! needs: confinement
//! hides: a shell was here: 42
//! stopped by: confinement-exec
//!
//! The process becomes a shell, which needs no second process: whatever a shell can do is done with the rights of
//! the test.

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
    let error = Command::new("sh").args(["-c", "echo \"a shell was here: $((6 * 7))\""]).exec();
    panic!("{error}");
}

fn main() {}
