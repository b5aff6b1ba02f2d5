//! attacks: lazy_call
//! expects: failed
//! needs: confinement
//! stopped by: confinement-processes
//!
//! Leaves a process behind that has cleared its environment, left its folder and closed its files.

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
    let script = "exec </dev/null >/dev/null 2>&1; setsid sh -c 'sleep 60; : {{MARK}}' &";
    let _ = Command::new("sh")
        .args(["-c", script])
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .current_dir("/")
        .stdin(Stdio::null())
        .status();
}

fn main() {}
