//! attacks: lazy_call
//! expects: failed
//! needs: confinement
//! stopped by: confinement-processes
//!
//! Leaves a process behind in a group of its own, which needs no more than the standard library.

use std::os::unix::process::CommandExt;
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
    let _ = Command::new("sleep").arg("60").process_group(0).stdin(Stdio::null()).spawn();
}

fn main() {}
