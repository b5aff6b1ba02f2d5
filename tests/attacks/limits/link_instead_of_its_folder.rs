//! attacks: lazy_call
//! expects: failed
//! stopped by: clean-up
//!
//! Puts a link to the grader's folder into its scratch folder, so that cleaning up would follow it.

use std::os::unix::fs::symlink;
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
    let _ = symlink("{{GRADER_HOME}}", "link");
    let _ = symlink("..", "up");
}

fn main() {}
