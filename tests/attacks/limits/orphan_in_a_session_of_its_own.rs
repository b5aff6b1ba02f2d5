//! attacks: lazy_call
//! expects: failed
//! needs: confinement
//! stopped by: confinement-processes
//!
//! Leaves a process behind in a session of its own, where no signal to the group reaches it.

use std::process::{Command, Stdio};
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
    let _ = Command::new("setsid").args(["--fork", "sleep", "60"]).stdin(Stdio::null()).status();
}

fn main() {}
