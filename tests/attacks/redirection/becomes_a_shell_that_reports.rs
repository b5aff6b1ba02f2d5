//! attacks: lazy_call
//! expects: crashed|failed|hung
//! stopped by: key
//!
//! The process becomes a shell, which inherits the socket and writes frames into it.

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
    let script = "read -r key name; echo \"$key passed\" >&0; echo \" passed\" >&0; exit 0";
    let error = Command::new("sh").args(["-c", script]).exec();
    panic!("{error}");
}

fn main() {}
