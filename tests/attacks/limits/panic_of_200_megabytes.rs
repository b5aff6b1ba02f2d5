//! attacks: lazy_call
//! expects: failed|hung
//! stopped by: limits-output
//!
//! Panics with a message of 200 MB.

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
    std::panic::panic_any("message ".repeat(25 << 20));
}

fn main() {}
