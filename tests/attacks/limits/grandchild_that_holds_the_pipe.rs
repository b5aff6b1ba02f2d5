//! attacks: lazy_call
//! expects: failed
//! stopped by: limits-output,confinement-processes,confinement-exec
//!
//! Leaves a grandchild behind that holds the output open: whoever waits for its end waits for a minute.

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
    let _ = Command::new("sh").args(["-c", "sleep 60 &"]).status();
}

fn main() {}
