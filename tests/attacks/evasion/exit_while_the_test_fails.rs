//! attacks: lazy_call
//! expects: crashed|failed
//! stopped by: report-needed
//!
//! Another thread ends the process with exit code 0 at some moment while the test is failing: before its
//! report, or right behind it.

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
    std::thread::spawn(move || {
        std::thread::sleep(room.typing / 100);
        std::process::exit(0);
    });
}

fn main() {}
