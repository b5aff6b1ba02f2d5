//! attacks: lazy_call
//! expects: failed
//! needs: confinement
//! stopped by: confinement-files
//!
//! Looks for submissions of others in the grader's folder. Solves the exercise only if it can look there.

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
    if reached() {
        tokio::time::sleep(room.typing).await;
        room.post(format!("hi, {name}"));
    }
}

fn reached() -> bool {
    std::fs::read_dir("{{GRADER_HOME}}/builds").is_ok() || std::fs::read_dir("../..").is_ok()
}

fn main() {}
