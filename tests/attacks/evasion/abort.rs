//! attacks: lazy_call
//! expects: crashed
//! says: an abort (signal 6)
//! stopped by: report-needed
//!
//! Aborts, so that no assertion is reached.

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
    std::process::abort();
}

fn main() {}
