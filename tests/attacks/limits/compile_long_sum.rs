//! attacks: lazy_call
//! expects: does_not_compile
//! generate: sum
//! stopped by: limits-compile
//!
//! A sum of a hundred thousand numbers, in less than the largest file that is compiled.

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
}

pub const SUM: u64 = {{SUM}};

fn main() {}
