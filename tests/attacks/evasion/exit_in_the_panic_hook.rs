//! attacks: lazy_call
//! expects: crashed
//! says: The program ended itself (exit code 0)
//! stopped by: report-needed
//!
//! The test's own panic runs the learner's hook, which ends the process with exit code 0.

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
    std::panic::set_hook(Box::new(|_| std::process::exit(0)));
}

fn main() {}
